package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Stack;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.model.Model;

/**
 * A tiny model with random weights and the values that Hugging Face's implementation gives for it
 * in double arithmetic; see the README beside them.
 */
record Golden(Path directory, JsonObject inputs, SafeTensors expected) {
  static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "../api/src/test/resources/goldens").normalize();

  /** The masks among the tensors of the file. */
  private static final Pattern MASK = Pattern.compile("(.*\\.)?(head_mask|neuron_mask\\.\\d+)");

  /** Tensors {@code [batch, heads, tokens, …]}. */
  private static final Pattern PER_HEAD =
      Pattern.compile("(attentions|context|context_gradient|token_score)\\.\\d+");

  /** Tensors {@code [batch, tokens, …]} of a task per token. */
  private static final Pattern PER_TOKEN =
      Pattern.compile("hidden_states\\.\\d+|(.*masked\\.)?logits");

  /** The folders of all models. */
  static List<String> names() {
    return folders(ROOT, "config.json");
  }

  /** The folders of models that have a twin without the heads of {@code masked.head_mask}. */
  static List<String> namesOfPruned() {
    return folders(ROOT, "pruned");
  }

  /** The folders of models that are there as a TensorFlow checkpoint too. */
  static List<String> namesOfTensorFlow() {
    return folders(ROOT, "tensorflow-checkpoint");
  }

  /** The names of the folders that hold a file, in alphabetical order. */
  static List<String> folders(Path root, String file) {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve(file)))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Golden load(String name) {
    Path directory = ROOT.resolve(name);
    try {
      String json = Files.readString(directory.resolve("inputs.json"));
      return new Golden(
          directory,
          JsonParser.parseString(json).getAsJsonObject(),
          SafeTensors.open(directory.resolve("expected.safetensors")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Constants of the model as the original code computed them, where the last bits differ. */
  Map<String, Tensor> constants() {
    Path file = directory.resolve("constants.safetensors");
    if (!Files.exists(file)) {
      return Map.of();
    }
    SafeTensors stored = SafeTensors.open(file);
    return stored.names().stream().collect(Collectors.toMap(name -> name, stored::get));
  }

  /** The inputs of a model, without the padding that the file holds, with labels. */
  ModelInputs modelInputs(Model model) {
    TransformerConfig config = model.config();
    JsonObject arrays = inputs.getAsJsonObject("inputs");
    List<int[]> ids = new ArrayList<>();
    List<int[]> types = new ArrayList<>();
    for (int length : lengths()) {
      int row = ids.size();
      ids.add(first(rows(arrays.getAsJsonArray("input_ids")).get(row), length));
      types.add(
          arrays.has("token_type_ids")
              ? first(rows(arrays.getAsJsonArray("token_type_ids")).get(row), length)
              : new int[length]);
    }
    int padId = model.checkpoint().config().paddingId();
    if (model.task() == Task.SEQ2SEQ_LM) {
      return ModelInputs.withTargets(config, ids, targets(), padId);
    }
    ModelInputs result = ModelInputs.of(config, ids, types, padId);
    JsonArray labels = inputs.getAsJsonArray("labels");
    switch (model.task()) {
      case SEQUENCE_CLASSIFICATION -> result.labels(ints(labels), config.labels());
      case REGRESSION ->
          result.targets(labels.asList().stream().mapToDouble(JsonElement::getAsDouble).toArray());
      case TOKEN_CLASSIFICATION -> result.tokenLabels(rows(labels), config.labels());
      case REPLACED_TOKEN_DETECTION -> result.replacedTokens(realTokens(rows(labels), ids));
      case MASKED_LM -> result.tokenLabels(rows(labels), config.vocabularySize());
      case CAUSAL_LM -> result.tokenLabels(next(rows(labels)), config.vocabularySize());
      case SENTENCE_EMBEDDING, SEQ2SEQ_LM, ENCODER -> {}
    }
    return result;
  }

  /** The labels of what the decoder is fed, without padding. */
  private List<int[]> targets() {
    List<int[]> masks =
        rows(inputs.getAsJsonObject("inputs").getAsJsonArray("decoder_attention_mask"));
    List<int[]> labels = rows(inputs.getAsJsonArray("labels"));
    return IntStream.range(0, labels.size())
        .mapToObj(row -> first(labels.get(row), Arrays.stream(masks.get(row)).sum()))
        .toList();
  }

  /** The number of tokens of each example: rows of the mask that see any. */
  private List<Integer> lengths() {
    return inputs.getAsJsonObject("inputs").getAsJsonArray("attention_mask").asList().stream()
        .map(mask -> (int) mask.getAsJsonArray().asList().stream().filter(Golden::isReal).count())
        .toList();
  }

  /** Whether a token's entry, or its row where each has its own, is not that of padding. */
  private static boolean isReal(JsonElement mask) {
    return mask.isJsonArray()
        ? Arrays.stream(ints(mask.getAsJsonArray())).sum() > 0
        : mask.getAsInt() > 0;
  }

  /** Each token's label at the token before it; the last one is labelled with nothing. */
  private static List<int[]> next(List<int[]> labels) {
    List<int[]> shifted = new ArrayList<>();
    for (int[] row : labels) {
      int[] next = Arrays.copyOfRange(row, 1, row.length + 1);
      next[row.length - 1] = ModelInputs.IGNORED;
      shifted.add(next);
    }
    return shifted;
  }

  /** The names of the expected values; the masks beside them are inputs. */
  Set<String> valueNames() {
    return expected.names().stream()
        .filter(name -> !MASK.matcher(name).matches())
        .collect(Collectors.toSet());
  }

  List<String> parameterNames() {
    return inputs.getAsJsonArray("parameter_names").asList().stream()
        .map(JsonElement::getAsString)
        .toList();
  }

  /** Labels without those of padding. */
  private static List<int[]> realTokens(List<int[]> labels, List<int[]> ids) {
    return IntStream.range(0, ids.size())
        .mapToObj(row -> first(labels.get(row), ids.get(row).length))
        .toList();
  }

  private static int[] first(int[] row, int length) {
    return Arrays.copyOf(row, length);
  }

  private static List<int[]> rows(JsonArray array) {
    return array.asList().stream().map(row -> ints(row.getAsJsonArray())).toList();
  }

  private static int[] ints(JsonArray array) {
    return array.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  /** The factors, layer after layer, under which the masked values were computed. */
  float[][] mask(Mask kind, TransformerConfig config) {
    float[][] factors = new float[config.layers().size()][];
    for (int layer = 0; layer < factors.length; layer++) {
      Stack stack = config.layers().get(layer).stack();
      int number = layer - config.first(stack);
      factors[layer] =
          switch (kind) {
            case HEADS -> maskRow("masked.%shead_mask".formatted(stack.prefix()), number);
            case NEURONS ->
                stack == Stack.CROSS
                    ? new float[0]
                    : maskRow(
                        "neuron_masked.%sneuron_mask.%d".formatted(stack.prefix(), number), 0);
            case LAYERS -> throw new IllegalArgumentException("no mask of layers was tried");
          };
    }
    return factors;
  }

  private float[] maskRow(String name, int row) {
    Tensor mask = expected.get(name);
    int width = (int) mask.extent(-1);
    return Arrays.copyOfRange(mask.toFloats(), row * width, (row + 1) * width);
  }

  /** Asserts that a tensor equals the expected one, relative to its largest entry. */
  void assertEqual(Tensor actual, String name, double tolerance) {
    Tensor wanted = expected.get(name);
    assertThat(actual.shape()).as(name).isEqualTo(wanted.shape());
    assertEqual(known(name, actual), known(name, wanted), name, tolerance);
  }

  /** A tensor's values, but 0 for tokens that see nothing, where the reference is arbitrary. */
  private double[] known(String name, Tensor tensor) {
    double[] values = tensor.toDoubles();
    JsonArray masks = inputs.getAsJsonObject("inputs").getAsJsonArray("attention_mask");
    boolean allSeeSomething = masks.get(0).getAsJsonArray().get(0).isJsonPrimitive();
    boolean perHead = PER_HEAD.matcher(name).matches();
    if (allSeeSomething || !(perHead || PER_TOKEN.matcher(name).matches())) {
      return values;
    }
    int tokens = (int) tensor.extent(perHead ? 2 : 1);
    int rows = perHead ? (int) tensor.extent(1) * tokens : tokens;
    int width = values.length / (rows * masks.size());
    for (int i = 0; i < values.length; i++) {
      int row = i / width;
      if (row % tokens >= lengths().get(row / rows)) {
        values[i] = 0;
      }
    }
    return values;
  }

  static void assertEqual(double[] actual, double[] wanted, String name, double tolerance) {
    double largest = 0;
    double difference = 0;
    assertThat(actual).as(name).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      difference = Math.max(difference, Math.abs(actual[i] - wanted[i]));
      assertThat(actual[i]).as(name).isFinite();
    }
    assertThat(difference / largest)
        .as("%s: largest difference %s, largest entry %s", name, difference, largest)
        .isLessThanOrEqualTo(tolerance);
  }
}
