package org.bertology.api.backend;

/** An engine failed; the message names the engine, what it was doing, and what it said. */
public class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BackendException(String message) {
    super(message);
  }

  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
