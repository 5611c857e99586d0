package org.bertology.core.checkpoint.onnx;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.core.ContentException;
import org.bertology.core.protobuf.MessageReader;

/**
 * What of an ONNX model makes up a checkpoint: {@code ModelProto} of {@code onnx.proto} without its
 * nodes and the constants of its graph.
 */
final class OnnxModel {
  /** How the names of the tensors begin that an export makes up. */
  private static final String CONSTANT = "constant/";

  /** Far beyond every model. */
  private static final int MOST_PARAMETERS = 100_000;

  private final Map<String, Initializer> parameters = new LinkedHashMap<>();
  private final Map<String, String> metadata = new HashMap<>();

  private OnnxModel() {}

  /**
   * Reads a model.
   *
   * @param keys of the metadata that is asked for
   * @throws ContentException if it is broken, or two parameters have the same name
   */
  static OnnxModel read(MessageReader message, Set<String> keys) {
    OnnxModel model = new OnnxModel();
    while (message.next()) {
      switch (message.field()) {
        case 7 -> model.addParameters(message.message("the graph"));
        case 14 -> model.addMetadata(message.message("the metadata"), keys);
        default -> {}
      }
    }
    return model;
  }

  /** {@code GraphProto}. */
  private void addParameters(MessageReader graph) {
    while (graph.next()) {
      if (graph.field() == 5) {
        add(Initializer.read(graph.message("tensor")), graph.source());
      }
    }
  }

  private void add(Initializer tensor, String source) {
    if (tensor.name().startsWith(CONSTANT)) {
      return;
    }
    if (parameters.putIfAbsent(tensor.name(), tensor) != null) {
      throw new ContentException("%s is there twice".formatted(tensor.source()));
    }
    if (parameters.size() > MOST_PARAMETERS) {
      throw new ContentException(
          "%s is broken: it has more than %d parameters".formatted(source, MOST_PARAMETERS));
    }
  }

  /** {@code StringStringEntryProto}. */
  private void addMetadata(MessageReader entry, Set<String> keys) {
    String key = "";
    String value = "";
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> key = entry.text();
        case 2 -> value = entry.text();
        default -> {}
      }
    }
    if (keys.contains(key)) {
      metadata.put(key, value);
    }
  }

  /** Text that the model carries under a key. */
  Optional<String> metadata(String key) {
    return Optional.ofNullable(metadata.get(key));
  }

  /** By name, in the order of the model. */
  Map<String, Initializer> parameters() {
    return Collections.unmodifiableMap(parameters);
  }
}
