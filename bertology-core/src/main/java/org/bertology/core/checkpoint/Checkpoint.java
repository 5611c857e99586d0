package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Pooling;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.mapping.CheckpointMapping;
import org.bertology.core.checkpoint.onnx.OnnxCheckpoint;
import org.bertology.core.checkpoint.tensorflow.TensorFlowCheckpoint;
import org.bertology.core.file.Hashes;
import org.bertology.core.json.JsonFields;

/**
 * A model on disk, whatever its format.
 *
 * @param source the directory or file that was opened
 * @param config what the model's {@code config.json} says
 * @param json that file's keys; where the model is {@linkplain #with not on disk}, those of the one
 *     that it was made of
 * @param weights the parameters under canonical names, that is, as a model with a task head saves
 *     them: {@code bert.encoder.layer.0.attention.self.query.weight}
 * @param files the files that were opened: of a Hugging Face directory the configuration first,
 *     then index and shards by name
 */
public record Checkpoint(
    Path source, ModelConfig config, JsonFields json, StoredWeights weights, List<Path> files) {
  static final String CONFIG = HuggingFaceDirectory.CONFIG;
  static final String WEIGHTS = WeightsFormat.SAFETENSORS.file();
  private static final String MAPPING = "bertology-mapping.json";
  private static final int LISTED = 8;

  /** What opens a path of its format, the first that does. */
  private static final List<Function<Path, Optional<StoredModel>>> FORMATS =
      List.of(HuggingFaceDirectory::open, TensorFlowCheckpoint::open, OnnxCheckpoint::open);

  public Checkpoint {
    files = List.copyOf(files);
  }

  /**
   * Opens a model; weights are mapped, not read.
   *
   * @param path a directory as Hugging Face saves it, with {@code config.json} and the first that
   *     is there of {@code model.safetensors}, {@code model.safetensors.index.json} with its
   *     shards, {@code pytorch_model.bin} and {@code pytorch_model.bin.index.json} with its shards;
   *     or what {@link TensorFlowCheckpoint} or {@link OnnxCheckpoint} opens
   * @throws IllegalArgumentException if there is nothing of that name
   * @throws ContentException if a file is missing, broken, or of a format that is not read
   */
  public static Checkpoint open(Path path) {
    return open(path, Optional.empty());
  }

  /**
   * The same for a checkpoint that a {@link CheckpointMapping} describes.
   *
   * @param mapping the file with the description; if absent, {@value #MAPPING} beside the weights,
   *     if that is there
   */
  public static Checkpoint open(Path path, Optional<Path> mapping) {
    StoredModel found =
        FORMATS.stream()
            .flatMap(format -> format.apply(path).stream())
            .findFirst()
            .orElseThrow(() -> unknown(path));
    StoredModel stored =
        mapping
            .or(() -> beside(path))
            .map(file -> CheckpointMapping.read(file).of(found))
            .orElse(found);
    ModelConfig stated = ModelConfig.of(stored.config());
    ModelConfig config = PoolingFile.of(path).map(stated::orPooling).orElse(stated);
    return new Checkpoint(
        path,
        config,
        stored.config(),
        CanonicalWeights.of(path, stored.weights(), config.format().names()),
        stored.files());
  }

  private static Optional<Path> beside(Path path) {
    Path directory = Files.isDirectory(path) ? path : path.resolveSibling("");
    return Optional.of(directory.resolve(MAPPING)).filter(Files::isRegularFile);
  }

  /** A model that is made of this one and is on no disk, so its files are still this one's. */
  public Checkpoint with(ModelConfig changedConfig, StoredWeights changedWeights) {
    return new Checkpoint(source, changedConfig, json, changedWeights, files);
  }

  /** The directory in which the tokenizer's files are. */
  public Path directory() {
    return Files.isDirectory(source) ? source : source.resolveSibling("");
  }

  /**
   * The {@code config.json} of this model: the keys of its source, known here or not, with what is
   * different in this one.
   *
   * @param type of all floating-point weights, if they do not keep theirs
   */
  public String configText(Optional<StoredType> type) {
    return ModelConfigJson.text(json.object(), config, type);
  }

  /**
   * The same where other tokens are seen.
   *
   * @throws IllegalArgumentException if the model cannot have this attention
   */
  public Checkpoint withAttention(AttentionPattern attention) {
    return with(config.withAttention(attention), weights);
  }

  /** The same encoder for sentence embedding. */
  public Checkpoint withPooling(Pooling pooling) {
    return with(config.withPooling(pooling), weights);
  }

  /** The same model with parameters of its own for each layer, where layers share theirs. */
  public Checkpoint unshared() {
    TransformerConfig own = config.transformer().unshared();
    return own.equals(config.transformer())
        ? this
        : with(config.with(own), UnsharedWeights.of(weights, config.transformer(), task()));
  }

  /**
   * What the model is for, as its architecture and its pooling say.
   *
   * @throws ContentException if it names none that is known, or a head that is not supported
   */
  public Task task() {
    Map<String, Task> known = config.format().architectures();
    String architecture = config.architectures().isEmpty() ? "none" : config.architectures().get(0);
    Task task = known.get(architecture);
    if (task == null) {
      throw new ContentException(
          "config.json of '%s' names the architecture '%s'; supported: %s"
              .formatted(source, architecture, String.join(", ", known.keySet())));
    }
    if (config.transformer().pooling().isPresent()) {
      return sentenceTask(architecture, task);
    }
    return task == Task.SEQUENCE_CLASSIFICATION ? sequenceTask() : task;
  }

  private Task sentenceTask(String architecture, Task task) {
    boolean isEncoder = task == Task.ENCODER;
    if (!isEncoder || !config.transformer().family().tasks().contains(Task.SENTENCE_EMBEDDING)) {
      throw new ContentException(
          "'%s' is a %s, which cannot be pooled; sentence embedding takes an encoder without a head, such as BertModel"
              .formatted(source, architecture));
    }
    return Task.SENTENCE_EMBEDDING;
  }

  private Task sequenceTask() {
    return switch (config.problemType()) {
      case REGRESSION -> Task.REGRESSION;
      case SINGLE_LABEL_CLASSIFICATION -> Task.SEQUENCE_CLASSIFICATION;
      case UNSPECIFIED ->
          config.labels().size() == 1 ? Task.REGRESSION : Task.SEQUENCE_CLASSIFICATION;
      case MULTI_LABEL_CLASSIFICATION ->
          throw new ContentException(
              "'%s' classifies with several labels at once (problem_type multi_label_classification), which is not supported"
                  .formatted(source));
    };
  }

  private static RuntimeException unknown(Path path) {
    if (!Files.exists(path)) {
      return new IllegalArgumentException(
          "model directory '%s' does not exist; expected a directory with %s and %s"
              .formatted(path, CONFIG, WEIGHTS));
    }
    if (!Files.isDirectory(path)) {
      return new IllegalArgumentException(
          "'%s' is no model; expected a directory with %s and %s, the prefix of a TensorFlow checkpoint, or an .onnx file that 'bertology export' wrote"
              .formatted(path, CONFIG, WEIGHTS));
    }
    boolean configured = Files.isRegularFile(path.resolve(CONFIG));
    return incomplete(path, configured ? WEIGHTS : CONFIG);
  }

  private static ContentException incomplete(Path directory, String missing) {
    List<String> found = fileNames(directory);
    List<String> foreign = found.stream().filter(Checkpoint::isForeignFormat).toList();
    if (missing.equals(WEIGHTS) && !foreign.isEmpty()) {
      return new ContentException(
          ("model directory '%s' holds its weights as %s, a format that is not read yet; convert it"
                  + " to %s with Hugging Face transformers: from_pretrained, then"
                  + " save_pretrained(..., safe_serialization=True)")
              .formatted(directory, foreign.get(0), WEIGHTS));
    }
    return new ContentException(
        "model directory '%s' has no %s; it must contain %s and %s or %s (or the index of either with its shards); found %s"
            .formatted(
                directory, missing, CONFIG, WEIGHTS, WeightsFormat.TORCH.file(), listed(found)));
  }

  private static boolean isForeignFormat(String name) {
    return name.equals("tf_model.h5")
        || name.equals("flax_model.msgpack")
        || name.contains(".ckpt");
  }

  private static List<String> fileNames(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "model directory '%s' could not be read: %s".formatted(directory, e), e);
    }
  }

  private static String listed(List<String> names) {
    if (names.isEmpty()) {
      return "nothing";
    }
    String list = String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
    return names.size() <= LISTED ? list : "%s and %d more".formatted(list, names.size() - LISTED);
  }

  /**
   * Checks that the weights hold every parameter of a model in its shape; tensors that the model
   * does not use are named in one warning, up to ten of them.
   *
   * @param parameters shapes by canonical name
   * @param idle names of further parameters that the model has and does not use, such as the norm
   *     before an attention without heads
   * @throws ContentException if parameters are missing or misshapen; it names all, up to ten
   */
  public void require(Map<String, long[]> parameters, Set<String> idle) {
    new CheckpointCheck(source, config.format().names(), weights).verify(parameters, idle);
  }

  /**
   * The SHA-256 of all {@link #files()} one after the other, in hexadecimal: what {@code cat
   * config.json model.safetensors | sha256sum} prints. Reads the files anew.
   */
  public String sha256() {
    return Hashes.sha256(files);
  }
}
