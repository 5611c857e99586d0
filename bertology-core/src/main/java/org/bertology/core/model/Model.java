package org.bertology.core.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Lifetime;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.ModelParameter;
import org.bertology.api.model.Stack;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.rewrite.Narrowing;
import org.bertology.api.tensor.Weights;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.data.Label;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.tokenize.Tokenizer;

/**
 * A Hugging Face model directory opened on a backend. Thread-safe; the owner closes it, and the
 * backend after it.
 */
public final class Model implements AutoCloseable {
  private static final List<String> REPLACED_TOKENS = List.of("original", "replaced");

  private final Backend backend;
  private final Checkpoint checkpoint;
  private final TransformerConfig config;
  private final Task task;
  private final Optional<Tokenizer> tokenizer;
  private final Weights weights;
  private final Lifetime lifetime = new Lifetime("this model");

  private Model(Backend backend, Checkpoint checkpoint, Task task, Optional<Tokenizer> tokenizer) {
    this.backend = backend;
    this.checkpoint = checkpoint;
    this.config = checkpoint.config().transformer();
    this.task = task;
    this.tokenizer = tokenizer;
    this.weights = definition(Set.of()).with(checkpoint.weights());
    tokenizer.ifPresent(lifetime::register);
  }

  /**
   * Opens a model with its tokenizer.
   *
   * @param directory with {@code config.json}, {@code model.safetensors} and tokenizer files
   * @throws IllegalArgumentException if there is no such directory
   * @throws ContentException if a file is missing or wrong, tensors are missing or misshapen, or
   *     the family or task is not known
   */
  public static Model open(Path directory, Backend backend) {
    return open(Checkpoint.open(directory), backend);
  }

  /** Opens a model that is at hand with the tokenizer of its directory, see {@link #open}. */
  public static Model open(Checkpoint checkpoint, Backend backend) {
    Model model = of(checkpoint, backend);
    Path directory = checkpoint.directory();
    Tokenizer tokenizer = Tokenizer.load(directory);
    int vocabulary = model.config.vocabularySize();
    if (tokenizer.vocabularySize() > vocabulary) {
      tokenizer.close();
      throw new ContentException(
          "the tokenizer in '%s' has %d tokens but the model has embeddings for %d; use the tokenizer that belongs to the model"
              .formatted(directory, tokenizer.vocabularySize(), vocabulary));
    }
    return new Model(backend, model.checkpoint, model.task, Optional.of(tokenizer));
  }

  /** Opens a model that is given token ids, see {@link #open}. */
  public static Model openWithoutTokenizer(Path directory, Backend backend) {
    return of(Checkpoint.open(directory), backend);
  }

  /** Opens a model that is at hand, and is given token ids, see {@link #open}. */
  public static Model of(Checkpoint checkpoint, Backend backend) {
    Model model = new Model(backend, checkpoint, checkpoint.task(), Optional.empty());
    checkpoint.require(model.parameters(), model.definition(Set.of()).parameters().keySet());
    return model;
  }

  /** The shapes of all parameters that the outputs of the task need, by canonical name. */
  Map<String, long[]> parameters() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (ModelParameter parameter : used()) {
      shapes.put(parameter.name(), parameter.shape().bind(Map.of()));
    }
    return shapes;
  }

  /** The parameters that the output of the task needs. */
  List<ModelParameter> used() {
    return definition(Set.of()).parameters(List.of(output()));
  }

  /**
   * The hook that a run of the task computes: {@link Hooks#LOGITS}; of an encoder {@link
   * Hooks#POOLED}, or its last state if the checkpoint has no pooler.
   */
  public String output() {
    return switch (task) {
      case ENCODER -> hasPooler() ? Hooks.POOLED : config.family().lastState(config, Stack.SINGLE);
      case SEQUENCE_CLASSIFICATION,
          REGRESSION,
          TOKEN_CLASSIFICATION,
          MASKED_LM,
          CAUSAL_LM,
          SENTENCE_EMBEDDING,
          REPLACED_TOKEN_DETECTION,
          SEQ2SEQ_LM ->
          Hooks.LOGITS;
    };
  }

  private boolean hasPooler() {
    ModelDefinition definition = definition(Set.of());
    return definition.graph().names().containsKey(Hooks.POOLED)
        && definition.parameters(List.of(Hooks.POOLED)).stream()
            .allMatch(parameter -> checkpoint.weights().names().contains(parameter.name()));
  }

  /** The parameters that belong to layers, of which a layer may have none. */
  public List<ModelParameter> parametersOfLayers() {
    return definition(Set.of()).parameters().values().stream()
        .filter(parameter -> parameter.place().layer().isPresent())
        .toList();
  }

  public Backend backend() {
    return backend;
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  public TransformerConfig config() {
    return config;
  }

  public Task task() {
    return task;
  }

  /**
   * The names of the labels, in the order of the logits; of replaced-token detection, of what a
   * logit below and above zero means.
   */
  public List<String> labels() {
    return task == Task.REPLACED_TOKEN_DETECTION ? REPLACED_TOKENS : checkpoint.config().labels();
  }

  /**
   * The tokenizer of the model directory.
   *
   * @throws IllegalStateException if the model was opened without one
   */
  public Tokenizer tokenizer() {
    return tokenizer.orElseThrow(
        () -> new IllegalStateException("this model was opened without a tokenizer"));
  }

  /** The checkpoint's weights, and the constants that the graph needs beside them. */
  public Weights weights() {
    return weights;
  }

  /** The model's graph, with every value of {@link Hooks} and the masks as inputs. */
  public Graph graph(Set<Mask> masks) {
    return definition(masks).graph();
  }

  private ModelDefinition definition(Set<Mask> masks) {
    return ModelDefinition.of(config, task, masks);
  }

  /** Compiles a graph of this model for some outputs; closed with the model, or before. */
  public CompiledGraph compile(Graph graph, Collection<String> outputs) {
    Graph narrowed = Narrowing.of(graph, outputs);
    return lifetime.use(
        () -> {
          CompiledGraph compiled = backend.compile(narrowed, weights, outputs);
          return lifetime.register(new OwnedGraph(compiled, lifetime));
        });
  }

  /** The number of numbers in all parameters that the task needs. */
  public long parameterCount() {
    return ParameterCounts.of(config, used()).total();
  }

  /**
   * The inputs of a batch, with labels or targets where all examples have them.
   *
   * @throws ContentException if an example is longer than the model's positions, or has a token or
   *     token type without an embedding
   */
  public ModelInputs inputs(List<EncodedExample> batch) {
    batch.forEach(this::requireEmbeddings);
    ModelInputs inputs = task == Task.SEQ2SEQ_LM ? withTargets(batch) : withoutTargets(batch);
    int longest = batch.stream().mapToInt(EncodedExample::longestText).max().orElse(0);
    if (longest > config.maxPositions()) {
      throw new ContentException(
          "an example has %d tokens, the model has %d positions; shorten it with a maximum length"
              .formatted(longest, config.maxPositions()));
    }
    addLabels(inputs, batch);
    return inputs;
  }

  private ModelInputs withoutTargets(List<EncodedExample> batch) {
    return ModelInputs.of(
        config,
        batch.stream().map(EncodedExample::ids).toList(),
        batch.stream().map(EncodedExample::types).toList(),
        batch.stream().mapToInt(EncodedExample::firstLength).toArray(),
        checkpoint.config().paddingId());
  }

  private ModelInputs withTargets(List<EncodedExample> batch) {
    return ModelInputs.withTargets(
        config,
        batch.stream().map(EncodedExample::ids).toList(),
        batch.stream().map(this::target).toList(),
        checkpoint.config().paddingId());
  }

  private int[] target(EncodedExample example) {
    if (example.label().isPresent() && example.label().get() instanceof Label.Target target) {
      int[] ids = target.ids().stream().mapToInt(Integer::intValue).toArray();
      firstOutside(ids, config.vocabularySize()).ifPresent(id -> refuseId(example, id));
      if (ids.length > config.maxPositions()) {
        throw new ContentException(
            "a target has %d tokens, the model has %d positions; shorten it with a maximum length"
                .formatted(ids.length, config.maxPositions()));
      }
      return ids;
    }
    throw new IllegalArgumentException(
        "a sequence-to-sequence model needs a target text for every example; name its column");
  }

  private void refuseId(EncodedExample example, int id) {
    throw new ContentException(
        "example %d has the token id %d, but the model has embeddings for ids from 0 to %d; use the tokenizer that belongs to the model"
            .formatted(example.index() + 1, id, config.vocabularySize() - 1));
  }

  private void requireEmbeddings(EncodedExample example) {
    firstOutside(example.ids(), config.vocabularySize()).ifPresent(id -> refuseId(example, id));
    if (config.tokenTypes() == 0) {
      return;
    }
    firstOutside(example.types(), config.tokenTypes())
        .ifPresent(
            type -> {
              throw new ContentException(
                  "example %d has the token type %d, but the model has types from 0 to %d (type_vocab_size in config.json); use a model for pairs of texts, or give it one text per example"
                      .formatted(example.index() + 1, type, config.tokenTypes() - 1));
            });
  }

  private static OptionalInt firstOutside(int[] ids, int count) {
    return Arrays.stream(ids).filter(id -> id < 0 || id >= count).findFirst();
  }

  private void addLabels(ModelInputs inputs, List<EncodedExample> batch) {
    List<Label> labels = batch.stream().flatMap(example -> example.label().stream()).toList();
    boolean all = labels.size() == batch.size();
    switch (task) {
      case SEQUENCE_CLASSIFICATION, REGRESSION, SENTENCE_EMBEDDING -> {
        if (all) {
          addLabelsOfExamples(inputs, labels);
        }
      }
      case TOKEN_CLASSIFICATION, REPLACED_TOKEN_DETECTION, MASKED_LM, CAUSAL_LM -> {
        // Labels of another kind are left out: hooks that need none can be computed.
        if (all && labels.stream().allMatch(Label.PerToken.class::isInstance)) {
          addLabelsOfTokens(inputs, labels.stream().map(Model::tokenIndices).toList());
        } else {
          inputs.answeredTokens(batch.stream().map(EncodedExample::answeredTokens).toList());
        }
      }
      case SEQ2SEQ_LM, ENCODER -> {}
    }
  }

  private void addLabelsOfExamples(ModelInputs inputs, List<Label> labels) {
    if (task == Task.REGRESSION || task == Task.SENTENCE_EMBEDDING) {
      inputs.targets(labels.stream().mapToDouble(Model::score).toArray());
    } else {
      inputs.labels(labels.stream().mapToInt(Model::classIndex).toArray(), config.labels());
    }
  }

  private void addLabelsOfTokens(ModelInputs inputs, List<int[]> labels) {
    switch (task) {
      case REPLACED_TOKEN_DETECTION -> inputs.replacedTokens(labels);
      case TOKEN_CLASSIFICATION -> inputs.tokenLabels(labels, config.labels());
      default -> inputs.tokenLabels(labels, config.vocabularySize());
    }
  }

  private static int[] tokenIndices(Label label) {
    return ((Label.PerToken) label).indices().stream().mapToInt(Integer::intValue).toArray();
  }

  private static double score(Label label) {
    if (label instanceof Label.Score score) {
      return score.value();
    }
    throw new IllegalArgumentException(
        "regression and sentence embedding need numbers as labels, got " + label);
  }

  private static int classIndex(Label label) {
    if (label instanceof Label.ClassIndex index) {
      return index.index();
    }
    throw new IllegalArgumentException("classification needs classes as labels, got " + label);
  }

  /** Closes graphs that are still open, and the tokenizer; not the backend. */
  @Override
  public void close() {
    lifetime.close();
  }
}
