package org.bertology.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of native code that this process has loaded. */
final class NativeLibraries {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final Pattern LIBRARY =
      Pattern.compile("(?m)^\\S+ \\S+ \\S+ \\S+ \\d+\\s+(/.*?\\.so[.\\d]*)( \\(deleted\\))?$");
  private static final List<String> OF_THE_SYSTEM = List.of("/lib", "/usr/lib");

  private NativeLibraries() {}

  /** All but those of Java and of the system; Linux alone tells. */
  static Set<String> loaded() {
    try {
      return Files.exists(MAPS)
          ? in(Files.readString(MAPS, StandardCharsets.UTF_8), System.getProperty("java.home"))
          : Set.of();
    } catch (IOException e) {
      return Set.of();
    }
  }

  static Set<String> in(String maps, String javaHome) {
    Set<String> libraries = new LinkedHashSet<>();
    Matcher line = LIBRARY.matcher(maps);
    while (line.find()) {
      String file = line.group(1);
      boolean known =
          file.startsWith(javaHome) || OF_THE_SYSTEM.stream().anyMatch(file::startsWith);
      if (!known) {
        libraries.add(file);
      }
    }
    return libraries;
  }
}
