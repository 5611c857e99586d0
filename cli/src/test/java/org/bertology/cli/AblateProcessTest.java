package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ablation whose process is killed or interrupted goes on where it was. */
class AblateProcessTest {
  /** One batch each, so that there is time to kill the process between two of them. */
  private static final int EXAMPLES = 120;

  private static final int STEPS_BEFORE_THE_END = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private Path out;
  private Path errors;
  private Path results;
  private List<String> command;

  @BeforeEach
  void writeModel() {
    TinyModel model = TinyModel.classifier(directory);
    out = directory.resolve("out");
    errors = directory.resolve("errors");
    results = directory.resolve("results");
    command = new ArrayList<>(List.of("ablate", "--model", model.directory().toString()));
    command.addAll(List.of("--data", model.examples(EXAMPLES).toString()));
    command.addAll(List.of("--backend", ReferenceModule.NAME, "--threads", "1"));
    command.addAll(List.of("--batch-tokens", "8", "--resamples", "20", "--verbose"));
  }

  private Process start(Path target) throws IOException {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of("--out", target.toString()));
    return ProgramProcess.start(ReferenceMain.class, arguments, results, errors);
  }

  private void finish(Path target) throws Exception {
    assertThat(ProgramProcess.await(start(target))).isZero();
  }

  private Path journal() {
    return out.resolve("ablation.journal");
  }

  /** The whole lines behind the first, which tells of what computation it is. */
  private long steps() throws IOException {
    if (!Files.exists(journal())) {
      return 0;
    }
    String text = Files.readString(journal());
    return Math.max(0, text.chars().filter(character -> character == '\n').count() - 1);
  }

  private void awaitSteps(Process process) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (steps() < STEPS_BEFORE_THE_END) {
      assertThat(process.isAlive()).as("it runs: %s", Files.readString(errors)).isTrue();
      assertThat(System.nanoTime()).as("waiting for steps").isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  private void assertSameAsWithoutABreak() throws Exception {
    Path whole = directory.resolve("whole");
    finish(whole);
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "ablation_metric.npy", "ablation_loss.npy", "ablation.csv", "ablation.json");
    }
    for (String name : List.of("ablation_metric.npy", "ablation_loss.npy", "ablation.csv")) {
      assertThat(out.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
    }
    assertThat(beforeRun(out)).isEqualTo(beforeRun(whole));
  }

  private static String beforeRun(Path directory) throws IOException {
    String document = Files.readString(directory.resolve("ablation.json"));
    return document.substring(0, document.indexOf("  \"run\": {"));
  }

  @Test
  void aKilledProcessLosesNoStepThatWasDoneAndTheResultIsTheSame() throws Exception {
    Process process = start(out);
    awaitSteps(process);
    process.destroyForcibly().waitFor();
    long kept = steps();

    assertThat(kept).isBetween((long) STEPS_BEFORE_THE_END, EXAMPLES - 1L);
    assertThat(out).isDirectoryNotContaining("glob:**.json");
    finish(out);

    assertThat(errors)
        .content()
        .contains("%d batches are in '%s' already".formatted(kept, journal()));
    assertSameAsWithoutABreak();
  }

  @Test
  void afterATornLineTheStepIsComputedAnew() throws Exception {
    Process process = start(out);
    awaitSteps(process);
    process.destroyForcibly().waitFor();
    String text = Files.readString(journal());
    int lastLine = text.lastIndexOf('\n', text.lastIndexOf('\n') - 1) + 1;
    Files.writeString(journal(), text.substring(0, lastLine + 40));
    long kept = steps();

    finish(out);

    assertThat(errors)
        .content()
        .contains("%d batches are in '%s' already".formatted(kept, journal()));
    assertSameAsWithoutABreak();
  }

  @Test
  void anInterruptKeepsTheStepsAndSaysHowToGoOn() throws Exception {
    Process process = start(out);
    awaitSteps(process);
    assumeTrue(ProgramProcess.canBeInterrupted(process), "this test's processes ignore SIGINT");
    ProgramProcess.interrupt(process);
    int exit = ProgramProcess.await(process);

    assertThat(exit).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(errors)
        .content()
        .contains(
            "bertology: interrupted; the same command goes on with what is in '%s'".formatted(out));
    finish(out);
    assertSameAsWithoutABreak();
  }

  @Test
  void anotherAblationDoesNotGoOnWithTheStepsOfThisOne() throws Exception {
    Process process = start(out);
    awaitSteps(process);
    process.destroyForcibly().waitFor();
    command.addAll(List.of("--mode", "keep-one"));

    int exit = ProgramProcess.await(start(out));

    assertThat(exit).isEqualTo(ExitCode.USAGE);
    assertThat(errors).content().contains("belongs to another run, which differs in: mode;");
    assertThat(steps()).isGreaterThanOrEqualTo(STEPS_BEFORE_THE_END);
  }
}
