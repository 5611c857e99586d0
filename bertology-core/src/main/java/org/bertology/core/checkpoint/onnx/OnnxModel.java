package org.bertology.core.checkpoint.onnx;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bertology.core.ContentException;
import org.bertology.core.protobuf.MessageReader;
import org.jspecify.annotations.Nullable;

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
  private @Nullable ByteBuffer configuration;

  private OnnxModel() {}

  /**
   * Reads a model.
   *
   * @param key under which its metadata has its configuration
   * @throws ContentException if it is broken, or two parameters have the same name
   */
  static OnnxModel read(MessageReader message, String key) {
    OnnxModel model = new OnnxModel();
    while (message.next()) {
      switch (message.field()) {
        case 7 -> model.addParameters(message.message("the graph"));
        case 14 -> model.addConfiguration(message.message("the metadata"), key);
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
  private void addConfiguration(MessageReader entry, String key) {
    boolean meant = false;
    ByteBuffer value = ByteBuffer.allocate(0);
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> meant = entry.text().equals(key);
        case 2 -> value = entry.bytes();
        default -> {}
      }
    }
    if (meant) {
      configuration = value;
    }
  }

  /** The configuration, UTF-8 text, if the model carries one. */
  Optional<ByteBuffer> configuration() {
    return Optional.ofNullable(configuration);
  }

  /** In the order of the model. */
  Collection<Initializer> parameters() {
    return Collections.unmodifiableCollection(parameters.values());
  }
}
