package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bertology.api.model.Task;
import org.bertology.core.data.Label;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.task.TaskData;

/**
 * One line per example with its id, prediction, label and logits: tab-separated with a header, or
 * JSON Lines where the file's name ends in {@code .jsonl}. Classes are written by name.
 */
public final class PredictionsFile {
  private final TaskData data;
  private final Predictions predictions;
  private final boolean regression;
  private final List<String> outputs;

  private PredictionsFile(Model model, TaskData data, Predictions predictions) {
    this.data = data;
    this.predictions = predictions;
    this.regression = model.task() == Task.REGRESSION;
    this.outputs = data.outputNames();
  }

  /** Writes the file, completely or not at all; see {@link AtomicFiles#write}. */
  public static void write(
      Path file, Existing existing, Model model, TaskData data, Predictions predictions) {
    PredictionsFile lines = new PredictionsFile(model, data, predictions);
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
    Stream<String> text = json ? lines.jsonLines() : lines.tabSeparated();
    AtomicFiles.writeText(file, existing, text.collect(Collectors.joining("\n", "", "\n")));
  }

  private Stream<String> tabSeparated() {
    String header =
        outputs.stream()
            .map(name -> "logit_" + name)
            .collect(Collectors.joining("\t", "id\tprediction\tlabel\t", ""));
    return Stream.concat(Stream.of(header), examples().mapToObj(this::tabSeparatedLine));
  }

  private IntStream examples() {
    return IntStream.range(0, predictions.size());
  }

  private String tabSeparatedLine(int example) {
    String id = data.ids().get(example).replace('\t', ' ');
    String prediction = plain(prediction(example));
    String label = label(example).map(PredictionsFile::plain).orElse("");
    String logits =
        logits(example).asList().stream()
            .map(PredictionsFile::plain)
            .collect(Collectors.joining("\t"));
    return String.join("\t", id, prediction, label, logits);
  }

  private static String plain(JsonElement value) {
    return value.isJsonNull() ? "" : value.getAsString();
  }

  private Stream<String> jsonLines() {
    return examples()
        .mapToObj(
            example -> {
              JsonObject line = new JsonObject();
              line.addProperty("id", data.ids().get(example));
              line.add("prediction", prediction(example));
              line.add("label", label(example).orElse(JsonNull.INSTANCE));
              line.add("logits", logits(example));
              return Json.line(line);
            });
  }

  private JsonElement prediction(int example) {
    double predicted = predictions.predicted(example);
    return regression ? Json.number((float) predicted) : className((int) predicted);
  }

  private Optional<JsonElement> label(int example) {
    Optional<Label> label = data.encoded().examples().get(example).label();
    return label.map(
        known ->
            known instanceof Label.ClassIndex index
                ? className(index.index())
                : Json.number(((Label.Score) known).value()));
  }

  private JsonElement className(int index) {
    return new JsonPrimitive(outputs.get(index));
  }

  private JsonArray logits(int example) {
    JsonArray array = new JsonArray();
    for (float logit : predictions.logits(example)) {
      array.add(Json.number(logit));
    }
    return array;
  }
}
