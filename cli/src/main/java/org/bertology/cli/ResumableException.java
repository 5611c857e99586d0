package org.bertology.cli;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/** A computation was interrupted whose steps so far are kept. */
final class ResumableException extends CancellationException {
  private static final long serialVersionUID = 1L;

  private final transient Path directory;

  ResumableException(Path directory, CancellationException cause) {
    super(cause.getMessage());
    initCause(cause);
    this.directory = directory;
  }

  /** Where the steps are. */
  Path directory() {
    return directory;
  }
}
