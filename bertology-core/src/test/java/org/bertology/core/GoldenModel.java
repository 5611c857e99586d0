package org.bertology.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Task;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.data.Label;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * A tiny reference model among the test resources, opened on the reference interpreter, with its
 * data and the values that Hugging Face's library computed for it.
 */
public final class GoldenModel implements AutoCloseable {
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "inputs.json", "expected.safetensors");

  private final ReferenceBackend backend = new ReferenceBackend();
  private final Model model;
  private final EncodedData data;
  private final SafeTensors expected;

  /** Opens a model, copied to a directory, because resources cannot be mapped. */
  public GoldenModel(Path directory, String folder) {
    try {
      for (String file : FILES) {
        copy("/goldens/%s/%s".formatted(folder, file), directory.resolve(file));
      }
      model = Model.openWithoutTokenizer(directory, backend);
      data = new EncodedData(examples(directory.resolve("inputs.json"), model.task()), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    expected = SafeTensors.open(directory.resolve("expected.safetensors"));
  }

  private static void copy(String resource, Path file) throws IOException {
    try (InputStream stream = GoldenModel.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("test resource %s is missing".formatted(resource));
      }
      Files.copy(stream, file);
    }
  }

  private static List<EncodedExample> examples(Path file, Task task) throws IOException {
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    JsonObject inputs = json.getAsJsonObject("inputs");
    JsonArray labels = json.getAsJsonArray("labels");
    List<EncodedExample> examples = new ArrayList<>();
    for (int n = 0; n < labels.size(); n++) {
      int length = Arrays.stream(ints(inputs.getAsJsonArray("attention_mask").get(n))).sum();
      int[] ids = Arrays.copyOf(ints(inputs.getAsJsonArray("input_ids").get(n)), length);
      int[] types =
          inputs.has("token_type_ids")
              ? Arrays.copyOf(ints(inputs.getAsJsonArray("token_type_ids").get(n)), length)
              : new int[length];
      Label label = label(labels.get(n), task, length);
      examples.add(new EncodedExample(n, ids, types, Optional.of(label)));
    }
    return examples;
  }

  private static Label label(JsonElement label, Task task, int length) {
    return switch (task) {
      case SEQUENCE_CLASSIFICATION -> new Label.ClassIndex(label.getAsInt());
      case REGRESSION, SENTENCE_EMBEDDING -> new Label.Score(label.getAsDouble());
      case TOKEN_CLASSIFICATION, MASKED_LM, REPLACED_TOKEN_DETECTION ->
          new Label.PerToken(IntStream.of(ints(label)).limit(length).boxed().toList());
      case CAUSAL_LM -> new Label.PerToken(next(IntStream.of(ints(label)).limit(length).toArray()));
      case SEQ2SEQ_LM ->
          new Label.Target(
              IntStream.of(ints(label)).filter(id -> id != ModelInputs.IGNORED).boxed().toList());
      case ENCODER -> throw new IllegalArgumentException("no labels for " + task);
    };
  }

  /** Each token's label at the token before it. */
  private static List<Integer> next(int[] tokens) {
    List<Integer> labels = new ArrayList<>(Arrays.stream(tokens).skip(1).boxed().toList());
    labels.add(ModelInputs.IGNORED);
    return labels;
  }

  private static int[] ints(JsonElement array) {
    return array.getAsJsonArray().asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  public Model model() {
    return model;
  }

  /** Three examples of 9, 6 and 3 tokens, with labels. */
  public EncodedData data() {
    return data;
  }

  /** The longest example, which the expected values are padded to. */
  public int longest() {
    return data.examples().stream().mapToInt(EncodedExample::length).max().orElseThrow();
  }

  /** All values of an expected tensor, in row-major order. */
  public double[] expected(String name) {
    return expected.get(name).toDoubles();
  }

  @Override
  public void close() {
    model.close();
    backend.close();
  }
}
