package org.bertology.core.file;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files as the content of other files states them. */
public final class FileName {
  private FileName() {}

  /**
   * Whether a name means a file in the same directory: what was downloaded must not reach outside
   * its own.
   */
  public static boolean isPlain(String name) {
    if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.startsWith("..")) {
      return false;
    }
    try {
      return Path.of(name).getNameCount() == 1 && Path.of(name).getRoot() == null;
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
