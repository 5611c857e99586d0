package org.bertology.core.export;

import java.util.Locale;
import org.bertology.core.backend.KnownEngine;

/** The formats of files that run without this library. */
public enum ExportFormat {
  /** One ONNX model, for ONNX Runtime and others. */
  ONNX(KnownEngine.ONNX),
  /** One TorchScript module, for {@code torch.jit.load}. */
  TORCHSCRIPT(KnownEngine.DJL),
  /** A directory, for {@code tf.saved_model.load} and TensorFlow Serving. */
  SAVEDMODEL(KnownEngine.TENSORFLOW);

  private final KnownEngine engine;

  ExportFormat(KnownEngine engine) {
    this.engine = engine;
  }

  /** The name as users write it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The engine that writes it, and runs it. */
  public KnownEngine engine() {
    return engine;
  }

  /** Whether an export is a directory. */
  boolean isDirectory() {
    return this == SAVEDMODEL;
  }
}
