package org.bertology.cli;

/** A child process could not do what it was asked to, or is gone; the message says why. */
final class ChildFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChildFailedException(String message) {
    super(message);
  }

  ChildFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
