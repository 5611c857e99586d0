package org.bertology.core.checkpoint.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.MappedTensors;
import org.bertology.core.checkpoint.StoredModel;
import org.bertology.core.checkpoint.StoredTensor;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;
import org.bertology.core.protobuf.MessageReader;

/**
 * ONNX models that this library exported, as checkpoints: their tensors have the names and the
 * layout of parameters, and their metadata has the {@code config.json}. The graph itself is not
 * read.
 */
public final class OnnxCheckpoint {
  /** The key of the {@code config.json} in the metadata of a model. */
  public static final String CONFIGURATION = "bertology.config";

  /**
   * The key of the names, one a line, of tensors that the family computes, so that they are no
   * parameters.
   */
  public static final String CONSTANTS = "bertology.constants";

  private static final String EXTENSION = ".onnx";

  private OnnxCheckpoint() {}

  /**
   * Opens a model; weights are mapped, not read.
   *
   * @return empty if it is no file whose name ends in {@code .onnx}
   * @throws ContentException if it is broken, carries no configuration, or a file that it names is
   *     missing
   */
  public static Optional<StoredModel> open(Path file) {
    boolean named = file.toString().endsWith(EXTENSION) && Files.isRegularFile(file);
    return named ? Optional.of(read(file)) : Optional.empty();
  }

  private static StoredModel read(Path file) {
    String source = "'%s'".formatted(file);
    try {
      OnnxModel model =
          OnnxModel.read(new MessageReader(source, map(file)), Set.of(CONFIGURATION, CONSTANTS));
      JsonFields config = configuration(source, model);
      List<Initializer> parameters = parameters(model);
      Map<String, List<Initializer>> external = external(parameters);
      MappedTensors weights = MappedTensors.of(source, inModel(parameters));
      List<Path> files = new ArrayList<>(List.of(file));
      for (Map.Entry<String, List<Initializer>> side : external.entrySet()) {
        Path sideFile = file.resolveSibling(side.getKey());
        weights = weights.and(beside(file, sideFile, side.getValue()));
        files.add(sideFile);
      }
      return new StoredModel(config, weights, files);
    } catch (IOException e) {
      throw new UncheckedIOException("%s could not be read: %s".formatted(source, e), e);
    }
  }

  private static ByteBuffer map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new ContentException(
            "'%s' is no ONNX model: it has %d bytes, expected at most %d"
                .formatted(file, channel.size(), Integer.MAX_VALUE));
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static JsonFields configuration(String source, OnnxModel model) {
    return model
        .metadata(CONFIGURATION)
        .map(StandardCharsets.UTF_8::encode)
        .map(text -> StrictJson.object("the configuration in " + source, text))
        .orElseThrow(
            () ->
                new ContentException(
                    "%s carries no configuration ('%s' in its metadata); only an ONNX model that 'bertology export' wrote can be read"
                        .formatted(source, CONFIGURATION)));
  }

  private static List<Initializer> parameters(OnnxModel model) {
    Map<String, Initializer> parameters = new LinkedHashMap<>(model.parameters());
    model.metadata(CONSTANTS).stream().flatMap(String::lines).forEach(parameters::remove);
    return List.copyOf(parameters.values());
  }

  private static List<StoredTensor> inModel(List<Initializer> parameters) {
    return parameters.stream()
        .filter(tensor -> !tensor.isExternal())
        .map(tensor -> new StoredTensor(tensor.source(), tensor.entry(), tensor.data()))
        .toList();
  }

  private static Map<String, List<Initializer>> external(List<Initializer> parameters) {
    return parameters.stream()
        .filter(Initializer::isExternal)
        .collect(Collectors.groupingBy(Initializer::location, TreeMap::new, Collectors.toList()));
  }

  private static MappedTensors beside(Path file, Path sideFile, List<Initializer> tensors)
      throws IOException {
    if (!Files.isRegularFile(sideFile)) {
      throw new ContentException(
          "'%s' belongs to '%s', but the file is missing".formatted(sideFile, file));
    }
    try (FileChannel channel = FileChannel.open(sideFile, StandardOpenOption.READ)) {
      return MappedTensors.of(
          "'%s'".formatted(sideFile),
          channel,
          0,
          tensors.stream().map(Initializer::entry).toList());
    }
  }
}
