package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bertology.djl.RunsForEver.End;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that ends while the engine computes ends as it was told to, not in a crash. */
final class DjlExitTest {
  /** Of so many processes one crashes at least, unless the backend waits for its runs. */
  private static final int REPETITIONS = 3;

  private static final int SECONDS = 120;

  @ParameterizedTest
  @EnumSource(End.class)
  void aProcessMayEndInTheMiddleOfARun(End end, @TempDir Path directory) throws Exception {
    assumeTrue(
        end != End.SIGNAL || ProcessHandle.current().supportsNormalTermination(),
        "this system has no signal that asks a process to end");
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      Process process = start(end, directory);
      try (BufferedReader output = process.inputReader()) {
        assertThat(output.readLine()).isEqualTo(RunsForEver.COMPUTING);

        if (end == End.SIGNAL) {
          process.toHandle().destroy();
        }

        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(end.status);
      } finally {
        process.destroyForcibly();
      }
    }
    assertThat(crashReports(directory)).isEmpty();
  }

  private static Process start(End end, Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            RunsForEver.class.getName(),
            end.name())
        .directory(directory.toFile())
        .redirectError(directory.resolve("errors").toFile())
        .start();
  }

  private static List<String> crashReports(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("hs_err"))
          .toList();
    }
  }
}
