package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.file.Hashes;

/**
 * A model directory as Hugging Face saves it: {@code config.json} and {@code model.safetensors}, or
 * {@code model.safetensors.index.json} with its shards.
 *
 * @param weights the parameters under canonical names, that is, as a model with a task head saves
 *     them: {@code bert.encoder.layer.0.attention.self.query.weight}
 * @param files the files that were opened: configuration first, then index and shards by name
 */
public record Checkpoint(
    Path directory, ModelConfig config, StoredWeights weights, List<Path> files) {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final int LISTED = 8;

  public Checkpoint {
    files = List.copyOf(files);
  }

  /**
   * Opens a model directory; weights are mapped, not read.
   *
   * @throws IllegalArgumentException if there is no such directory
   * @throws ContentException if a file is missing in it, broken, or of a format that is not read
   */
  public static Checkpoint open(Path directory) {
    checkDirectory(directory);
    Path config = directory.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      throw incomplete(directory, CONFIG);
    }
    ModelConfig modelConfig = ModelConfig.read(config);
    if (Files.isRegularFile(directory.resolve(WEIGHTS))) {
      SafeTensors tensors = SafeTensors.open(directory.resolve(WEIGHTS));
      return of(directory, modelConfig, tensors, List.of(config, tensors.file()));
    }
    if (Files.isRegularFile(directory.resolve(INDEX))) {
      ShardedSafeTensors tensors = ShardedSafeTensors.open(directory.resolve(INDEX));
      List<Path> files = new ArrayList<>(List.of(config, directory.resolve(INDEX)));
      files.addAll(tensors.shards());
      return of(directory, modelConfig, tensors, files);
    }
    throw incomplete(directory, WEIGHTS);
  }

  private static Checkpoint of(
      Path directory, ModelConfig config, StoredWeights stored, List<Path> files) {
    return new Checkpoint(
        directory, config, CanonicalWeights.of(directory, stored, config.format().names()), files);
  }

  /** A model that is made of this one and is on no disk, so its files are still this one's. */
  public Checkpoint with(ModelConfig changedConfig, StoredWeights changedWeights) {
    return new Checkpoint(directory, changedConfig, changedWeights, files);
  }

  /**
   * The same where other tokens are seen.
   *
   * @throws IllegalArgumentException if the model cannot have this attention
   */
  public Checkpoint withAttention(AttentionPattern attention) {
    return with(config.withAttention(attention), weights);
  }

  /**
   * What the model is for, as its architecture says.
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
              .formatted(directory, architecture, String.join(", ", known.keySet())));
    }
    return task == Task.SEQUENCE_CLASSIFICATION ? sequenceTask() : task;
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
                  .formatted(directory));
    };
  }

  private static void checkDirectory(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "model directory '%s' %s; expected a directory with %s and %s"
              .formatted(
                  directory,
                  Files.exists(directory) ? "is not a directory" : "does not exist",
                  CONFIG,
                  WEIGHTS));
    }
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
        "model directory '%s' has no %s; it must contain %s and %s (or %s with its shards); found %s"
            .formatted(directory, missing, CONFIG, WEIGHTS, INDEX, listed(found)));
  }

  private static boolean isForeignFormat(String name) {
    return name.startsWith("pytorch_model")
        || name.equals("tf_model.h5")
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
    new CheckpointCheck(directory, config.format().names(), weights).verify(parameters, idle);
  }

  /**
   * The SHA-256 of all {@link #files()} one after the other, in hexadecimal: what {@code cat
   * config.json model.safetensors | sha256sum} prints. Reads the files anew.
   */
  public String sha256() {
    return Hashes.sha256(files);
  }
}
