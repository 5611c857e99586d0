package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the processes of engines when that of the command ends. */
class CompareProcessTest {
  private static final long PATIENCE_SECONDS = 30;

  /** On the reference backend minutes of work. */
  private static final int MANY = 40_000;

  @TempDir Path directory;

  @Test
  void interruptingEndsTheProcessesOfTheEngines() throws Exception {
    Path errors = directory.resolve("errors");
    Process process = startComparison(errors);
    List<ProcessHandle> children = awaitChildren(process);
    assumeTrue(ProgramProcess.canBeInterrupted(process), "this test's processes ignore SIGINT");

    ProgramProcess.interrupt(process);
    int exit = ProgramProcess.await(process);

    assertThat(exit).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(errors).content().contains("bertology: interrupted; nothing was written");
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void theProcessesOfTheEnginesEndWithTheCommandHoweverItEnds() throws Exception {
    Process process = startComparison(directory.resolve("errors"));
    List<ProcessHandle> children = awaitChildren(process);

    process.destroyForcibly();

    for (ProcessHandle child : children) {
      child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }

  private Process startComparison(Path errors) throws Exception {
    TinyModel model = TinyModel.classifier(directory);
    List<String> arguments =
        List.of(
            "compare",
            "--backends",
            "first,second",
            "--model",
            model.directory().toString(),
            "--data",
            model.examples(MANY).toString());
    return ProgramProcess.start(
        ComparedMain.class, arguments, directory.resolve("results"), errors);
  }

  private static List<ProcessHandle> awaitChildren(Process process) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    List<ProcessHandle> children = List.of();
    while (children.size() < 2) {
      assertThat(System.nanoTime()).as("waiting for two processes").isLessThan(deadline);
      Thread.sleep(50);
      children = process.children().toList();
    }
    return children;
  }
}
