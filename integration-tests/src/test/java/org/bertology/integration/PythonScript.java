package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A script of {@code src/test/python}, run by the Python that the environment variable {@code
 * BERTOLOGY_PYTHON} names, or {@code python3}.
 *
 * @param name of its file
 * @param needs what the Python must have, for the message where there is none
 */
record PythonScript(String name, String needs) {
  private static final int SKIPPED = 77;
  private static final long PATIENCE_SECONDS = 240;
  private static final Path FOLDER = Path.of("src", "test", "python");

  /** What the script answers; the test is skipped where Python or what it needs is absent. */
  JsonObject answer(JsonObject request, Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve("request.json");
    Files.writeString(file, new Gson().toJson(request));
    File out = directory.resolve("out").toFile();
    File err = directory.resolve("err").toFile();
    Process process = start(file, out, err);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String errors = Files.readString(err.toPath());
    if (process.waitFor() == SKIPPED) {
      abort("skipped: " + errors.strip());
    }
    assertThat(process.exitValue()).as(errors).isZero();
    return JsonParser.parseString(Files.readString(out.toPath())).getAsJsonObject();
  }

  private Process start(Path request, File out, File err) {
    String python = Optional.ofNullable(System.getenv("BERTOLOGY_PYTHON")).orElse("python3");
    try {
      return new ProcessBuilder(python, FOLDER.resolve(name).toString(), request.toString())
          .redirectOutput(out)
          .redirectError(err)
          .start();
    } catch (IOException e) {
      return abort(
          "skipped: no Python, set BERTOLOGY_PYTHON to one with %s: %s".formatted(needs, e));
    }
  }
}
