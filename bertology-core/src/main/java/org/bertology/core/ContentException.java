package org.bertology.core;

/**
 * The content of a model or data file is wrong; the message names the file, what was found and what
 * was expected.
 */
public final class ContentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ContentException(String message) {
    super(message);
  }

  public ContentException(String message, Throwable cause) {
    super(message, cause);
  }
}
