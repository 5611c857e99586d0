package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code bertology} at the root, which finds Java and prepares it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  private static final long PATIENCE_SECONDS = 240;
  private static final Path LAUNCHER = Path.of("..", "bertology").toAbsolutePath().normalize();

  @TempDir Path directory;

  @Test
  void namesOfFilesAreUtf8WhereNoLanguageIsSet() throws Exception {
    Path errors = directory.resolve("errors");
    // The shell makes the name, since this process may not have a language either.
    String script = "exec \"$0\" info --model \"$(printf 'n\\303\\266')\"";
    ProcessBuilder builder =
        new ProcessBuilder(List.of("sh", "-c", script, LAUNCHER.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("LANG|LC_.*"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));

    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);

    assertThat(ended).isTrue();
    assertThat(Files.readString(errors))
        .startsWith("bertology: model directory 'n\u00f6' does not exist")
        .hasLineCount(1);
    assertThat(process.exitValue()).isEqualTo(2);
  }
}
