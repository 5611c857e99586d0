package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.contract.RunsForEver.End;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that ends while the engine computes ends as it was told to, not in a crash. */
public abstract class ExitContract {
  private static final int REPETITIONS = 3;

  private final Class<? extends BackendFactory> factory;

  /**
   * The contract of what a factory creates.
   *
   * @param factory public, with a constructor without parameters
   */
  protected ExitContract(Class<? extends BackendFactory> factory) {
    this.factory = factory;
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void aProcessMayEndInTheMiddleOfARun(End end, @TempDir Path directory) throws Exception {
    assumeTrue(
        end != End.SIGNAL || ProcessHandle.current().supportsNormalTermination(),
        "this system has no signal that asks a process to end");
    Path errors = directory.resolve("errors");
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      Process process = start(end, directory, errors);
      try (BufferedReader output = process.inputReader()) {
        String computing =
            output.lines().filter(RunsForEver.COMPUTING::equals).findFirst().orElse("");
        assertThat(computing).as(Files.readString(errors)).isNotEmpty();

        if (end == End.SIGNAL) {
          process.toHandle().destroy();
        }

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isEqualTo(end.status);
      } finally {
        process.destroyForcibly();
      }
    }
    assertThat(directory.toFile().listFiles((File at, String name) -> name.startsWith("hs_err")))
        .isEmpty();
  }

  private Process start(End end, Path directory, Path errors) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            RunsForEver.class.getName(),
            factory.getName(),
            end.name())
        .directory(directory.toFile())
        .redirectError(errors.toFile())
        .start();
  }
}
