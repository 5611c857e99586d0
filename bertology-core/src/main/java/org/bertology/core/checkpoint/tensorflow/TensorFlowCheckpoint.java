package org.bertology.core.checkpoint.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredModel;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/**
 * Models as Google published BERT, ALBERT and ELECTRA: {@code PREFIX.index}, {@code
 * PREFIX.data-00000-of-00001} and so on, and a {@code bert_config.json} beside them, where PREFIX
 * is such as {@code bert_model.ckpt} or {@code model.ckpt-343}.
 *
 * <p>They are read in plain Java: the files are tables and raw numbers, while TensorFlow's own
 * library is large, not there on every machine, and native, so that its faults on a hostile file
 * would end the process.
 */
public final class TensorFlowCheckpoint {
  /** The names of configurations, in the order in which they are looked for. */
  private static final List<String> CONFIGS =
      List.of("config.json", "bert_config.json", "albert_config.json");

  private TensorFlowCheckpoint() {}

  /**
   * Opens a checkpoint; weights are mapped, not read.
   *
   * @param path a directory with one checkpoint, or the prefix or index of one
   * @return empty if there is none
   * @throws ContentException if a directory holds several, or a file is missing or broken, or holds
   *     what is not read
   */
  public static Optional<StoredModel> open(Path path) {
    return index(path).map(TensorFlowCheckpoint::read);
  }

  private static Optional<Path> index(Path path) {
    if (Files.isDirectory(path)) {
      return only(path);
    }
    return Stream.of(path, Path.of(path + TensorBundle.INDEX))
        .filter(file -> file.toString().endsWith(TensorBundle.INDEX))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static Optional<Path> only(Path directory) {
    List<Path> found = indexes(directory);
    if (found.size() > 1) {
      throw new ContentException(
          "'%s' holds several TensorFlow checkpoints: %s; name one, such as '%s'"
              .formatted(
                  directory,
                  String.join(", ", found.stream().map(TensorFlowCheckpoint::prefix).toList()),
                  directory.resolve(prefix(found.get(0)))));
    }
    return found.stream().findFirst();
  }

  private static List<Path> indexes(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(TensorFlowCheckpoint::isIndex).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(directory, e), e);
    }
  }

  private static boolean isIndex(Path file) {
    String name = file.getFileName().toString();
    return name.contains(".ckpt") && name.endsWith(TensorBundle.INDEX);
  }

  private static String prefix(Path index) {
    String name = index.getFileName().toString();
    return name.substring(0, name.length() - TensorBundle.INDEX.length());
  }

  private static StoredModel read(Path index) {
    Path file = config(index);
    JsonFields given = StrictJson.read(file);
    TensorBundle bundle = TensorBundle.open(index);
    PublishedLayout layout = PublishedLayout.of(given, bundle.names());
    List<Path> files = new ArrayList<>(List.of(file, index));
    files.addAll(bundle.shards());
    return new StoredModel(
        CompletedConfig.of(given, layout, bundle),
        ModelParameters.of(index, bundle, layout.names()),
        files);
  }

  private static Path config(Path index) {
    return CONFIGS.stream()
        .map(index::resolveSibling)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new ContentException(
                    "'%s' is a TensorFlow checkpoint without a configuration; put its %s beside it"
                        .formatted(index, String.join(" or ", CONFIGS))));
  }
}
