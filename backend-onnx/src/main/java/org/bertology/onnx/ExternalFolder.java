package org.bertology.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary directory with the empty file that external initializers are declared to be in. ONNX
 * Runtime insists that the file exists; whoever reads a weight from it fails instead of computing
 * with made-up numbers.
 */
final class ExternalFolder implements AutoCloseable {
  private final Path path;

  ExternalFolder() {
    try {
      path = Files.createTempDirectory("bertology-onnx").toRealPath();
      Path file = Files.createFile(path.resolve(LoweredGraph.EXTERNAL_FILE));
      // For backends that nobody closes; at the end of the process the last one goes first.
      path.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException("onnx needs a writable temporary directory", e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path.resolve(LoweredGraph.EXTERNAL_FILE));
    Files.deleteIfExists(path);
  }
}
