package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bertology.core.evaluate.Prediction;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.task.TaskData;

/**
 * One line per answer with the example's id, prediction, label and logits, and where each word has
 * an answer its number in the example, from 1, and its text: tab-separated with a header, or JSON
 * Lines where the file's name ends in {@code .jsonl}. Classes are written by name.
 */
public final class PredictionsFile {
  private static final String TOKENS = "tokens";
  private static final String LOSS = "loss";
  private static final String ACCURACY = "accuracy";

  private final TaskData data;
  private final Predictions predictions;
  private final List<String> outputs;

  private PredictionsFile(TaskData data, Predictions predictions) {
    this.data = data;
    this.predictions = predictions;
    this.outputs = data.outputNames();
  }

  /** Writes the file, completely or not at all; see {@link AtomicFiles#write}. */
  public static void write(Path file, Existing existing, TaskData data, Predictions predictions) {
    PredictionsFile lines = new PredictionsFile(data, predictions);
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
    Stream<String> text = json ? lines.jsonLines() : lines.tabSeparated();
    AtomicFiles.writeText(file, existing, text.collect(Collectors.joining("\n", "", "\n")));
  }

  private Stream<String> tabSeparated() {
    return Stream.concat(Stream.of(header()), answers(this::tabSeparatedLine));
  }

  private String header() {
    if (isOfLanguage()) {
      return String.join("\t", "id", TOKENS, LOSS, ACCURACY);
    }
    String places = data.haveWords() ? "id\tword\ttext\t" : "id\t";
    return outputs.stream()
        .map(name -> "logit_" + name)
        .collect(Collectors.joining("\t", places + "prediction\tlabel\t", ""));
  }

  /** Whether there are losses alone, as of a language model. */
  private boolean isOfLanguage() {
    return outputs.isEmpty();
  }

  private Stream<String> jsonLines() {
    return answers(
        fields -> {
          JsonObject line = new JsonObject();
          fields.forEach(line::add);
          return Json.line(line);
        });
  }

  /** What makes a line of the fields of an answer, by name. */
  @FunctionalInterface
  private interface LineFormat {
    String line(Map<String, JsonElement> fields);
  }

  private Stream<String> answers(LineFormat format) {
    return IntStream.range(0, predictions.size()).boxed().flatMap(this::fields).map(format::line);
  }

  private Stream<Map<String, JsonElement>> fields(int example) {
    return isOfLanguage()
        ? Stream.of(languageFields(example))
        : predictions.of(example).stream().map(prediction -> fields(example, prediction));
  }

  private Map<String, JsonElement> languageFields(int example) {
    Map<String, JsonElement> fields = new LinkedHashMap<>();
    fields.put("id", new JsonPrimitive(data.ids().get(example)));
    int tokens = data.encoded().examples().get(example).answeredTokens().length;
    fields.put(TOKENS, new JsonPrimitive(tokens));
    fields.put(LOSS, Json.number(predictions.loss(example)));
    fields.put(ACCURACY, Json.number(predictions.logits(example)[0]));
    return fields;
  }

  private Map<String, JsonElement> fields(int example, Prediction prediction) {
    Map<String, JsonElement> fields = new LinkedHashMap<>();
    fields.put("id", new JsonPrimitive(data.ids().get(example)));
    prediction
        .word()
        .ifPresent(
            word -> {
              fields.put("word", new JsonPrimitive(word + 1));
              fields.put("text", new JsonPrimitive(data.words(example).get(word)));
            });
    fields.put("prediction", predicted(prediction.value()));
    fields.put("label", label(prediction.label()));
    fields.put("logits", logits(prediction));
    return fields;
  }

  private JsonElement predicted(double value) {
    return predictions.readout().predictsClasses() ? className(value) : Json.number((float) value);
  }

  private JsonElement label(OptionalDouble label) {
    if (label.isEmpty()) {
      return JsonNull.INSTANCE;
    }
    double value = label.getAsDouble();
    return predictions.readout().predictsClasses() ? className(value) : Json.number(value);
  }

  private JsonElement className(double index) {
    return new JsonPrimitive(outputs.get((int) index));
  }

  private static JsonArray logits(Prediction prediction) {
    JsonArray array = new JsonArray();
    for (float logit : prediction.logits()) {
      array.add(Json.number(logit));
    }
    return array;
  }

  private String tabSeparatedLine(Map<String, JsonElement> fields) {
    return fields.values().stream()
        .flatMap(
            field ->
                field.isJsonArray() ? field.getAsJsonArray().asList().stream() : Stream.of(field))
        .map(PredictionsFile::plain)
        .collect(Collectors.joining("\t"));
  }

  private static String plain(JsonElement value) {
    return value.isJsonNull() ? "" : value.getAsString().replace('\t', ' ');
  }
}
