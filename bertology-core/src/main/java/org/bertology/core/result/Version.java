package org.bertology.core.result;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this library. */
public final class Version {
  private static final String RESOURCE = "version.properties";

  private Version() {}

  /** Such as {@code 0.1.0}, as the build wrote it. */
  public static String current() {
    try (InputStream stream = Version.class.getResourceAsStream(RESOURCE)) {
      Properties properties = new Properties();
      properties.load(Objects.requireNonNull(stream, RESOURCE));
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read".formatted(RESOURCE), e);
    }
  }
}
