package org.bertology.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.stream.Stream;

/** Where this program lies, with the examples beside it. */
final class Installation {
  /** Names the directory where the program itself cannot tell. */
  static final String HOME_PROPERTY = "bertology.home";

  private static final Path EXAMPLE = Path.of("examples", "minilm-sentiment");

  private Installation() {}

  /**
   * The directory of the example model and its data.
   *
   * @throws IllegalArgumentException if it is not there
   */
  static Path example() {
    String named = System.getProperty(HOME_PROPERTY, "");
    Optional<Path> home =
        named.isEmpty()
            ? aboveThisProgram()
            : Optional.of(Path.of(named)).filter(Installation::hasExample);
    return home.map(directory -> directory.resolve(EXAMPLE))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the example '%s' is not %s; run the program from a clone of the repository, or name its directory with -D%s=DIR"
                        .formatted(
                            EXAMPLE,
                            named.isEmpty() ? "beside this program" : "in '" + named + "'",
                            HOME_PROPERTY)));
  }

  private static Optional<Path> aboveThisProgram() {
    CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
    try {
      Path program = Path.of(source.getLocation().toURI());
      return Stream.iterate(program, Installation::hasParent, Path::getParent)
          .map(Path::getParent)
          .filter(Installation::hasExample)
          .findFirst();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean hasParent(Path path) {
    return path.getParent() != null;
  }

  private static boolean hasExample(Path home) {
    return Files.isDirectory(home.resolve(EXAMPLE));
  }
}
