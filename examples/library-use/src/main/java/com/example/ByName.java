package com.example;

import java.nio.file.Path;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;

/**
 * Chooses the engine by its name, among those on the class path; no class of an engine is named.
 */
final class ByName {
  private ByName() {}

  /** Takes a model directory with a dev.tsv, and the engine's name. */
  public static void main(String[] arguments) {
    Path directory = Path.of(arguments.length > 0 ? arguments[0] : "../minilm-sentiment");
    String name = arguments.length > 1 ? arguments[1] : "onnx";
    try (Backend engine = Backends.onClassPath().open(name, BackendConfig.defaults())) {
      System.out.print(HeadStudy.of(directory, engine));
    }
  }
}
