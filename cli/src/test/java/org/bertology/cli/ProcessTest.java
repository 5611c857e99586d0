package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process of its own: streams, exit codes, signals. */
class ProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** On the reference backend a minute's work and more. */
  private static final int MANY = 40_000;

  @TempDir Path directory;

  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory);
  }

  @Test
  void resultsGoToStandardOutputAndFailuresToStandardError() throws Exception {
    Path errors = directory.resolve("errors");
    Path results = directory.resolve("results");

    Process good = start(arguments(model.examples(4), "--json"), results, errors);
    int goodExit = await(good);
    String document = Files.readString(results);
    Process bad = start(arguments(directory.resolve("no.tsv")), results, errors);
    int badExit = await(bad);

    assertThat(goodExit).isZero();
    assertThat(document).startsWith("{\n  \"schemaVersion\": 1,").endsWith("}\n");
    assertThat(badExit).isEqualTo(ExitCode.USAGE);
    assertThat(results).isEmptyFile();
    assertThat(errors).content().startsWith("bertology: data file ").hasLineCount(1);
  }

  @Test
  void interruptingLeavesNoFileAndSaysSo() throws Exception {
    Path out = directory.resolve("out");
    Path errors = directory.resolve("errors");
    Path results = directory.resolve("results");
    List<String> arguments = arguments(model.examples(MANY), "--verbose", "--out", out.toString());

    Process process = start(arguments, results, errors);
    awaitText(errors, "scoring 40000 examples");
    assumeTrue(canBeInterrupted(process), "this test's processes ignore SIGINT");
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    int exit = await(process);

    assertThat(exit).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(errors).content().contains("bertology: interrupted; nothing was written");
    assertThat(results).isEmptyFile();
    assertThat(out).doesNotExist();
  }

  @Test
  void numbersInMessagesAreTheSameInEveryLanguage() throws Exception {
    Path errors = directory.resolve("errors");
    Path results = directory.resolve("results");
    List<String> arguments = arguments(model.examples(4), "--limit", "0");

    Process process =
        start(List.of("-Duser.language=ar", "-Duser.country=EG"), arguments, results, errors);
    int exit = await(process);

    assertThat(exit).isEqualTo(ExitCode.USAGE);
    assertThat(errors).hasContent("bertology: the limit must be at least 1 example, got 0");
  }

  private List<String> arguments(Path data, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "importance",
                "--model",
                model.directory().toString(),
                "--data",
                data.toString(),
                "--backend",
                ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static Process start(List<String> arguments, Path out, Path err) throws IOException {
    return start(List.of(), arguments, out, err);
  }

  private static Process start(List<String> options, List<String> arguments, Path out, Path err)
      throws IOException {
    List<String> command = new ArrayList<>(interruptible());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(nativeAccess());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ReferenceMain.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }

  /** As the launcher does: newer versions of Java warn of what libraries do with native memory. */
  private static List<String> nativeAccess() {
    return Runtime.version().feature() < 24
        ? List.of()
        : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
  }

  /** What a shell starts in the background ignores SIGINT, and so do its children, unless told. */
  private static List<String> interruptible() {
    List<String> prefix = List.of("env", "--default-signal=INT");
    List<String> probe = new ArrayList<>(prefix);
    probe.add("true");
    try {
      return new ProcessBuilder(probe).start().waitFor() == 0 ? prefix : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean canBeInterrupted(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return true;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    long interrupt = 1L << 1;
    return (Long.parseUnsignedLong(ignored, 16) & interrupt) == 0;
  }

  private static void awaitText(Path file, String text) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertThat(System.nanoTime()).as("waiting for '%s'", text).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static int await(Process process) throws InterruptedException {
    boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended).as("the process ended by itself").isTrue();
    return process.exitValue();
  }
}
