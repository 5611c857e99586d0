package org.bertology.api.backend;

/** An engine, or this build of it, lacks something; the message says what to do. */
public final class UnsupportedCapabilityException extends BackendException {
  private static final long serialVersionUID = 1L;

  public UnsupportedCapabilityException(String message) {
    super(message);
  }

  public UnsupportedCapabilityException(String message, Throwable cause) {
    super(message, cause);
  }
}
