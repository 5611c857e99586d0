package org.bertology.core.export;

import java.util.Locale;
import org.bertology.core.backend.KnownEngine;

/** The formats in which others take a model. */
public enum ExportFormat {
  /** One ONNX model, for ONNX Runtime and others. */
  ONNX(KnownEngine.ONNX),
  /** One TorchScript module, for {@code torch.jit.load}. */
  TORCHSCRIPT(KnownEngine.DJL),
  /** A directory, for {@code tf.saved_model.load} and TensorFlow Serving. */
  SAVEDMODEL(KnownEngine.TENSORFLOW),
  /** A directory as Hugging Face transformers saves it: weights and no graph. */
  HUGGINGFACE(KnownEngine.usual());

  private final KnownEngine engine;

  ExportFormat(KnownEngine engine) {
    this.engine = engine;
  }

  /** The name as users write it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The engine that writes it, if it has a graph, and on which it is checked. */
  public KnownEngine engine() {
    return engine;
  }

  /** Whether an export is a directory. */
  boolean isDirectory() {
    return this == SAVEDMODEL || this == HUGGINGFACE;
  }

  /** Whether an export is a graph that an engine runs by itself. */
  public boolean isGraph() {
    return this != HUGGINGFACE;
  }
}
