package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code library-use}: built by Maven from the installed modules, and run. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class LibraryUseIT {
  private static final long PATIENCE_SECONDS = 240;
  private static final Path EXAMPLES =
      Path.of(System.getProperty("basedir", "."), "../examples").toAbsolutePath().normalize();

  /** The embedded model's reference.json has the same ranking, and these accuracies. */
  private static final List<String> RESULT =
      List.of(
          "layer 3, head 2: 0.6435",
          "layer 4, head 10: 0.6198",
          "layer 2, head 7: 0.6059",
          "layer 6, head 10: 0.6057",
          "layer 5, head 12: 0.5228",
          "accuracy: 0.9417",
          "without layer 3, head 10: 0.9400");

  @TempDir static Path directory;
  private static Path project;

  @BeforeAll
  static void build() throws Exception {
    project = directory.resolve("library-use");
    copy(EXAMPLES.resolve("library-use"), project);
    try (ConsumerMaven maven = ConsumerMaven.withRepository(directory.resolve("repository"))) {
      maven.run(project, "package");
    }
  }

  /** A checkout's sources, without what a build of the example may have left there. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(path -> !path.startsWith(from.resolve("target"))).toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  @Test
  void theProgramThatChoosesByNameRunsWithoutGuice() throws Exception {
    String libraries = libraries(file -> !file.getFileName().toString().startsWith("guice-"));

    List<String> lines = run("ByName", libraries);

    assertThat(lines).first().asString().startsWith("ONNX Runtime ");
    assertThat(lines.subList(1, lines.size())).isEqualTo(RESULT);
  }

  @Test
  void theProgramWithGuiceFindsTheSame() throws Exception {
    List<String> lines = run("WithGuice", libraries(file -> true));

    assertThat(lines).first().asString().startsWith("ONNX Runtime ");
    assertThat(lines.subList(1, lines.size())).isEqualTo(RESULT);
  }

  @Test
  void anEngineThatTheProgramDoesNotDependOnIsNamedWithWhatToAdd() throws Exception {
    Path errors = directory.resolve("errors");

    int status = start("ByName", libraries(file -> true), "djl", directory.resolve("out"), errors);

    assertThat(status).isEqualTo(1);
    assertThat(Files.readString(errors))
        .contains("has onnx; add org.bertology:bertology-backend-djl");
  }

  private static String libraries(Predicate<Path> kept) throws IOException {
    try (Stream<Path> files = Files.list(project.resolve("target/lib"))) {
      return files.filter(kept).map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static List<String> run(String program, String libraries) throws Exception {
    Path output = directory.resolve(program + ".out");
    Path errors = directory.resolve(program + ".err");
    int status = start(program, libraries, "onnx", output, errors);
    assertThat(status).as(Files.readString(errors)).isZero();
    return Files.readAllLines(output);
  }

  private static int start(
      String program, String libraries, String engine, Path output, Path errors) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                project.resolve("target/classes") + File.pathSeparator + libraries,
                "com.example." + program,
                EXAMPLES.resolve("minilm-sentiment").toString(),
                engine)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroy();
    assertThat(ended).as("%s ends", program).isTrue();
    return process.exitValue();
  }
}
