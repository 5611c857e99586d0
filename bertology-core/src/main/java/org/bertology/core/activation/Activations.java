package org.bertology.core.activation;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Task;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.data.Label;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * The values at hooks of a model, and the derivatives of each example's loss with respect to them,
 * on a data set. Immutable; the model must stay open.
 *
 * <p>A hook is asked for by its name in {@link Hooks}, by a pattern ({@code *} stands for what is
 * between two dots, {@code **} for anything: {@code layer.*}, {@code layer.0.**}), or as a group:
 * {@code hidden-states}, {@code attentions}, {@code scores}, {@code queries}, {@code keys}, {@code
 * values}, {@code contexts}, {@code neurons}. Each with {@code .gradient} behind it means the
 * gradients, which need labels. The gradient of a gate ({@code layer.*.attention.gate.gradient}) is
 * the importance of each head at each token.
 *
 * <p>Examples come either one by one, each without padding, or as one array {@code [examples, ...]}
 * per hook, under the hook's name, in which axes of tokens are as long as the longest example and
 * zero behind each example's end. With them come {@code input_ids} and {@code attention_mask}
 * {@code [examples, longest]} and {@code lengths} {@code [examples]}, all I64: token t of example n
 * is there if {@code t < lengths[n]}. With target texts there are {@code target_ids} and {@code
 * target_lengths} too. Floating types are those of the engine, F32 or F64.
 */
public final class Activations {
  /** The array of token ids {@code [examples, longest]}, filled up with the padding id. */
  public static final String INPUT_IDS = "input_ids";

  /** The array that is 1 at tokens and 0 at padding {@code [examples, longest]}. */
  public static final String ATTENTION_MASK = "attention_mask";

  /** The array of examples' numbers of tokens {@code [examples]}. */
  public static final String LENGTHS = "lengths";

  /**
   * The array of the token ids of target texts {@code [examples, longest]}, where there are any.
   */
  public static final String TARGET_IDS = "target_ids";

  /** The array of the numbers of tokens of target texts {@code [examples]}. */
  public static final String TARGET_LENGTHS = "target_lengths";

  private final Model model;
  private final Optional<ModelMask> mask;
  private final Set<Mask> masks;
  private final List<HookArray> arrays;

  private Activations(Model model, Optional<ModelMask> mask, List<String> names) {
    this.model = model;
    this.mask = mask;
    this.masks = masks(model, mask, names);
    this.arrays = arrays(model, names);
  }

  /** Takes one example's values by name; called by one thread at a time, in any order. */
  @FunctionalInterface
  public interface Consumer {
    void accept(EncodedExample example, Map<String, Tensor> values);
  }

  /**
   * The values at some hooks.
   *
   * @param hooks names, patterns and groups, with or without {@code .gradient}
   * @throws IllegalArgumentException if none is given, one matches nothing (with near misses), or
   *     gradients are asked of a model without a loss
   */
  public static Activations of(Model model, List<String> hooks) {
    List<String> names = HookPatterns.resolve(hooks, known(model));
    if (model.task() == Task.ENCODER && names.stream().anyMatch(HookPatterns::isGradient)) {
      throw new IllegalArgumentException(
          "'%s' is an encoder without a task, so it has no loss and no gradients; ask for values, or use a model with a task"
              .formatted(model.checkpoint().source()));
    }
    return new Activations(model, Optional.empty(), names);
  }

  private static List<String> known(Model model) {
    Set<String> names = model.graph(EnumSet.allOf(Mask.class)).names().keySet();
    boolean hasPooler = model.task() != Task.ENCODER || model.output().equals(Hooks.POOLED);
    return names.stream().filter(name -> hasPooler || !name.equals(Hooks.POOLED)).toList();
  }

  private static Set<Mask> masks(Model model, Optional<ModelMask> mask, List<String> names) {
    Set<Mask> masks = EnumSet.noneOf(Mask.class);
    mask.ifPresent(given -> masks.addAll(given.kinds()));
    Set<String> hooks = Set.copyOf(names.stream().map(HookPatterns::withoutGradient).toList());
    for (Mask kind : Mask.values()) {
      for (int layer = 0; layer < model.config().layers().size(); layer++) {
        if (hooks.contains(Hooks.gate(kind, model.config().layerName(layer)))) {
          masks.add(kind);
        }
      }
    }
    return masks;
  }

  private static List<HookArray> arrays(Model model, List<String> names) {
    Graph graph = model.graph(EnumSet.allOf(Mask.class));
    List<HookArray> arrays = new ArrayList<>();
    for (String name : names) {
      Value value = graph.value(HookPatterns.withoutGradient(name));
      Shape shape = value.shape();
      DType type = Bindings.hostType(value.type().element(), model.backend().config().precision());
      arrays.add(new HookArray(name, type, shape.slice(1, shape.rank())));
    }
    return arrays;
  }

  /** The same hooks under a mask. */
  public Activations withMask(ModelMask given) {
    return new Activations(model, Optional.of(given), names());
  }

  /** The names of the values, in the order asked for. */
  public List<String> names() {
    return arrays.stream().map(HookArray::name).toList();
  }

  /**
   * Hands over every example by itself, cut to its own tokens.
   *
   * @throws IllegalArgumentException if the loss or gradients are asked for and an example has no
   *     label
   * @throws CancellationException if the calling thread is interrupted
   */
  public void forEach(EncodedData data, RunSettings settings, Consumer consumer) {
    run(
        data,
        settings,
        (batch, results) -> {
          for (int row = 0; row < batch.size(); row++) {
            consumer.accept(batch.get(row), cut(results, row, Lengths.of(batch.get(row))));
          }
        });
  }

  private Map<String, Tensor> cut(Map<String, Tensor> results, int row, Lengths tokens) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (HookArray array : arrays) {
      values.put(array.name(), array.cut(result(results, array), row, tokens));
    }
    return values;
  }

  private static Tensor result(Map<String, Tensor> results, HookArray array) {
    Tensor result = results.get(array.name());
    if (result == null) {
      throw new IllegalStateException("'%s' was not computed".formatted(array.name()));
    }
    return result;
  }

  /**
   * The arrays over all examples, in memory.
   *
   * @throws IllegalArgumentException as {@link #forEach}; or if there is no example, or an array is
   *     larger than 2 GiB
   */
  public Map<String, Tensor> stacked(EncodedData data, RunSettings settings) {
    return stack(data).toMemory(sink -> fill(data, settings, sink));
  }

  /**
   * Writes the arrays over all examples while they are computed, completely or not at all: no more
   * than the batches in flight are in memory.
   *
   * @param target a file, or the directory for {@link ActivationFormat#NPY}, which is made if
   *     needed
   * @throws IllegalArgumentException as {@link #forEach}; or if there is no example, the file
   *     system has too little space, or a file exists that is to be kept
   */
  public void write(
      EncodedData data,
      RunSettings settings,
      ActivationFormat format,
      Path target,
      Existing existing) {
    StackedArrays stack = stack(data);
    StackedArrays.Filling filling = sink -> fill(data, settings, sink);
    try {
      switch (format) {
        case SAFETENSORS -> stack.toSafeTensors(target, existing, filling);
        case NPY -> stack.toNpy(target, existing, filling);
      }
    } catch (UncheckedIOException e) {
      // An interrupt after the last batch meets the file, not the run.
      throw e.getCause() instanceof ClosedByInterruptException
          ? (CancellationException) new CancellationException("cancelled").initCause(e)
          : e;
    }
  }

  /** How many bytes the arrays over all examples take. */
  public long bytes(EncodedData data) {
    return stack(data).bytes();
  }

  private StackedArrays stack(EncodedData data) {
    requireLabels(data);
    if (data.size() == 0) {
      throw new IllegalArgumentException("there are no examples to observe; the data is empty");
    }
    int examples = data.size();
    Lengths longest = Lengths.longest(data);
    List<StackedArray> stacked = new ArrayList<>();
    for (HookArray array : arrays) {
      stacked.add(
          new StackedArray(
              array.name(), array.type(), withExamples(examples, array.shape(longest))));
    }
    stacked.add(ints(INPUT_IDS, examples, longest.text()));
    stacked.add(ints(ATTENTION_MASK, examples, longest.text()));
    stacked.add(ints(LENGTHS, examples));
    if (longest.target() > 0) {
      stacked.add(ints(TARGET_IDS, examples, longest.target()));
      stacked.add(ints(TARGET_LENGTHS, examples));
    }
    return new StackedArrays(stacked);
  }

  private static StackedArray ints(String name, long... shape) {
    return new StackedArray(name, DType.I64, shape);
  }

  private static long[] withExamples(int examples, long[] shape) {
    long[] all = new long[shape.length + 1];
    all[0] = examples;
    System.arraycopy(shape, 0, all, 1, shape.length);
    return all;
  }

  private void fill(EncodedData data, RunSettings settings, StackedArrays.Sink sink) {
    Lengths longest = Lengths.longest(data);
    run(
        data,
        settings,
        (batch, results) -> {
          for (int row = 0; row < batch.size(); row++) {
            put(batch.get(row), results, row, longest, sink);
          }
        });
  }

  private void put(
      EncodedExample example,
      Map<String, Tensor> results,
      int row,
      Lengths longest,
      StackedArrays.Sink sink) {
    int hooks = arrays.size();
    for (int i = 0; i < hooks; i++) {
      HookArray array = arrays.get(i);
      ByteBuffer block = array.copy(result(results, array), row, Lengths.of(example), longest);
      sink.put(i, example.index(), block);
    }
    int at = example.index();
    int padding = model.checkpoint().config().paddingId();
    int[] tokens = new int[example.length()];
    Arrays.fill(tokens, 1);
    sink.put(hooks, at, padded(example.ids(), longest.text(), padding));
    sink.put(hooks + 1, at, padded(tokens, longest.text(), 0));
    sink.put(hooks + 2, at, StackedArrays.block(example.length()));
    if (longest.target() > 0) {
      sink.put(hooks + 3, at, padded(targetIds(example), longest.target(), padding));
      sink.put(hooks + 4, at, StackedArrays.block(example.targetLength()));
    }
  }

  private static int[] targetIds(EncodedExample example) {
    return example.label().isPresent() && example.label().get() instanceof Label.Target target
        ? target.ids().stream().mapToInt(Integer::intValue).toArray()
        : new int[0];
  }

  private static ByteBuffer padded(int[] numbers, int length, int padding) {
    long[] padded = new long[length];
    Arrays.setAll(padded, i -> i < numbers.length ? numbers[i] : padding);
    return StackedArrays.block(padded);
  }

  private void run(EncodedData data, RunSettings settings, BatchRun.Consumer consumer) {
    requireLabels(data);
    try (CompiledGraph compiled = model.compile(graph(), names())) {
      new BatchRun(compiled, this::inputs, settings).run(data.examples(), consumer);
    }
  }

  private Graph graph() {
    List<String> targets =
        names().stream()
            .filter(HookPatterns::isGradient)
            .map(HookPatterns::withoutGradient)
            .toList();
    Graph graph = model.graph(masks);
    return targets.isEmpty() ? graph : Gradients.differentiate(graph, Hooks.LOSS, targets);
  }

  private ModelInputs inputs(List<EncodedExample> batch) {
    ModelInputs inputs = model.inputs(batch);
    masks.forEach(kind -> inputs.ones(kind, model.config()));
    mask.ifPresent(given -> given.addTo(inputs));
    return inputs;
  }

  private void requireLabels(EncodedData data) {
    boolean needed = arrays.stream().anyMatch(Activations::needsLoss);
    Predicate<EncodedExample> fits = example -> example.label().filter(this::fits).isPresent();
    if (needed && !data.examples().stream().allMatch(fits)) {
      throw new IllegalArgumentException(
          "the loss and gradients of a model for %s need a fitting label of every example; name the column"
              .formatted(model.task().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
  }

  private static boolean needsLoss(HookArray array) {
    return HookPatterns.isGradient(array.name()) || array.name().equals(Hooks.LOSS);
  }

  private boolean fits(Label label) {
    return switch (model.task()) {
      case SEQUENCE_CLASSIFICATION -> label instanceof Label.ClassIndex;
      case REGRESSION, SENTENCE_EMBEDDING -> label instanceof Label.Score;
      case TOKEN_CLASSIFICATION, MASKED_LM, CAUSAL_LM, REPLACED_TOKEN_DETECTION ->
          label instanceof Label.PerToken;
      case SEQ2SEQ_LM -> label instanceof Label.Target;
      case ENCODER -> false;
    };
  }
}
