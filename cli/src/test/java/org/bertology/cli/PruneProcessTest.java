package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/** A pruning whose process is killed goes on where it was. */
class PruneProcessTest {
  private static final int EXAMPLES = 100;
  private static final int STEPS_BEFORE_THE_END = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private Path out;
  private Path errors;
  private List<String> command;

  @BeforeEach
  void writeModel() {
    TinyModel model = TinyModel.classifier(directory);
    out = directory.resolve("out");
    errors = directory.resolve("errors");
    command = new ArrayList<>(List.of("prune", "--model", model.directory().toString()));
    command.addAll(List.of("--data", model.examples(EXAMPLES).toString()));
    command.addAll(List.of("--backend", ReferenceModule.NAME, "--threads", "1"));
    command.addAll(List.of("--amount", "10%", "--threshold", "0.01", "--resamples", "20"));
    command.addAll(List.of("--baselines", "random,reverse"));
  }

  private Process start(Path target) throws IOException {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of("--out", target.toString()));
    Path results = directory.resolve("results");
    return ProgramProcess.start(ReferenceMain.class, arguments, results, errors);
  }

  private long steps() throws IOException {
    Path journal = out.resolve("prune.journal");
    return Files.exists(journal) ? Math.max(0, Files.readString(journal).lines().count() - 1) : 0;
  }

  private void awaitSteps(Process process) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (steps() < STEPS_BEFORE_THE_END) {
      assertThat(process.isAlive()).as("it runs: %s", Files.readString(errors)).isTrue();
      assertThat(System.nanoTime()).as("waiting for steps").isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  private static String beforeRun(Path target) throws IOException {
    String document = Files.readString(target.resolve("prune.json"));
    return document.substring(0, document.indexOf("  \"run\": {"));
  }

  @Test
  void aKilledProcessLosesNoStepThatWasDoneAndTheResultIsTheSame() throws Exception {
    Process process = start(out);
    awaitSteps(process);
    process.destroyForcibly().waitFor();
    assertThat(out).isDirectoryNotContaining("glob:**.json");

    int resumed = ProgramProcess.await(start(out));
    String said = Files.readString(errors);
    Path whole = directory.resolve("whole");
    int uninterrupted = ProgramProcess.await(start(whole));

    assertThat(resumed).isZero();
    assertThat(uninterrupted).isZero();
    assertThat(said).matches("going on after ([3-9]|\\d\\d+) steps of an earlier run\\R");
    assertThat(beforeRun(out)).isEqualTo(beforeRun(whole));
    for (String name : List.of("curve.csv", "head_mask.npy", "model/model.safetensors")) {
      assertThat(out.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
    }
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model", "head_mask.npy", "curve.csv", "prune.json");
    }
  }
}
