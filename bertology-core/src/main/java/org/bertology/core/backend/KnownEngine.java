package org.bertology.core.backend;

import java.util.Arrays;
import java.util.Optional;

/** The engines that this project has a backend for, whether or not they are on the class path. */
public enum KnownEngine {
  ONNX("onnx", "ONNX Runtime", "ai.onnxruntime.OrtEnvironment"),
  DJL("djl", "PyTorch through DJL", "ai.djl.pytorch.engine.PtEngine"),
  TENSORFLOW("tensorflow", "TensorFlow", "org.tensorflow.TensorFlow");

  private final String backend;
  private final String title;
  private final String entryPoint;

  KnownEngine(String backend, String title, String entryPoint) {
    this.backend = backend;
    this.title = title;
    this.entryPoint = entryPoint;
  }

  /**
   * The engine that commands run on unless told otherwise: the first to finish the embedded
   * example, as measured in {@code docs/engines.md}.
   */
  public static KnownEngine usual() {
    return ONNX;
  }

  /** The engine whose backend has this name. */
  public static Optional<KnownEngine> named(String backend) {
    return Arrays.stream(values()).filter(engine -> engine.backend.equals(backend)).findFirst();
  }

  /** The name of its backend. */
  public String backend() {
    return backend;
  }

  /** Its own name. */
  public String title() {
    return title;
  }

  /** What to add to a program to have it, as {@code group:artifact}. */
  public String artifact() {
    return "org.bertology:bertology-backend-" + backend;
  }

  /** The name of a class of the engine's own library. */
  public String entryPoint() {
    return entryPoint;
  }
}
