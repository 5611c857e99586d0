package org.bertology.api.backend;

import java.nio.file.Path;

/**
 * Writes graphs, in float32, in a format that an engine's own tools load without this library; and
 * loads such files the way those tools do. Usable as long as its backend is open.
 */
public interface GraphExporter {
  /** The format's name as users write it, such as {@code onnx}. */
  String format();

  /**
   * Writes a file or directory that holds everything.
   *
   * @param target does not exist yet; its directory does. A format that needs further files puts
   *     them beside it, under names that begin with that of the target
   * @throws UnsupportedCapabilityException if the format cannot express the graph
   * @throws java.io.UncheckedIOException if writing fails; what was written is left
   * @throws BackendException if the engine fails
   */
  void write(GraphExport export, Path target);

  /**
   * Loads what is in a file or directory, and nothing that this library knows of it. The caller
   * closes the result.
   *
   * @throws BackendException if the engine does not load it
   */
  ExportedGraph open(Path file);
}
