package org.bertology.core.json;

/**
 * A text is not JSON, or repeats a key; the message goes on where "the text" begins: {@code has the
 * key 'x' twice, at $.x}. Who knows the text's name catches it.
 */
public final class JsonTextException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JsonTextException(String message) {
    super(message);
  }

  JsonTextException(String message, Throwable cause) {
    super(message, cause);
  }
}
