package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, and signals to it. */
final class ProgramProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ProgramProcess() {}

  static Process start(Class<?> main, List<String> arguments, Path out, Path err)
      throws IOException {
    return start(main, List.of(), arguments, out, err);
  }

  /** The same with options for Java. */
  static Process start(
      Class<?> main, List<String> options, List<String> arguments, Path out, Path err)
      throws IOException {
    List<String> command = new ArrayList<>(interruptible());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(nativeAccess());
    command.addAll(options);
    // What a process that is killed leaves behind goes with the test's directory.
    command.add("-Djava.io.tmpdir=" + out.toAbsolutePath().getParent());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
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

  static boolean canBeInterrupted(Process process) throws IOException {
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

  static void awaitText(Path file, String text) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertThat(System.nanoTime()).as("waiting for '%s'", text).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  static int await(Process process) throws InterruptedException {
    boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended).as("the process ended by itself").isTrue();
    return process.exitValue();
  }

  static void interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }
}
