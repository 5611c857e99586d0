package org.bertology.cli;

import org.bertology.core.file.AtomicFiles.Existing;
import picocli.CommandLine.Option;

/** In which form results leave. */
final class OutputOptions {
  @Option(
      names = "--json",
      description = "Print the result as JSON, with everything that was computed.")
  private boolean json;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  boolean json() {
    return json;
  }

  Existing existing() {
    return force ? Existing.REPLACE : Existing.REFUSE;
  }
}
