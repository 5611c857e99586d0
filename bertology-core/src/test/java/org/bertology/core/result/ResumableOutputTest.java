package org.bertology.core.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.journal.Journal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumableOutputTest {
  private static final List<String> FILES = List.of("study.csv", "study.json");

  @TempDir Path parent;

  private Path directory;

  @BeforeEach
  void nameDirectory() {
    directory = parent.resolve("deep").resolve("out");
  }

  private ResumableOutput output(Existing existing) {
    return ResumableOutput.at(directory, "study", FILES, existing);
  }

  private static JsonObject object(String key, String value) {
    JsonObject object = new JsonObject();
    object.addProperty(key, value);
    return object;
  }

  private static JsonObject computation() {
    return object("seed", "1");
  }

  private void leaveOneStep() {
    try (ResumableOutput output = output(Existing.REFUSE)) {
      output.start(computation()).append(object("step", "one"));
      assertThat(output.canGoOn()).isTrue();
    }
  }

  private static void write(ResumableOutput output) {
    output.directory().add("study.csv", "a,b\n").add("study.json", "{}\n");
    assertThat(output.finish()).hasSize(2);
  }

  @Test
  void stepsAreKeptUntilTheResultIsThere() {
    leaveOneStep();

    try (ResumableOutput output = output(Existing.REFUSE)) {
      Journal journal = output.start(computation());
      assertThat(journal.earlier()).containsExactly(object("step", "one"));
      write(output);
    }

    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("study.csv", "study.json");
  }

  @Test
  void aStartWithoutAnyStepLeavesNothing() {
    try (ResumableOutput output = output(Existing.REFUSE)) {
      Journal unused = output.start(computation());
      assertThat(directory).isNotEmptyDirectory();
      assertThat(output.canGoOn()).isFalse();
    }

    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void nothingIsChangedBeforeTheStart() {
    try (ResumableOutput output = output(Existing.REFUSE)) {
      assertThat(output.canGoOn()).isFalse();
    }

    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void filesOfAResultThatWasKilledWhileItWasWrittenAreReplaced() throws IOException {
    leaveOneStep();
    Files.writeString(directory.resolve("study.csv"), "half");
    Files.writeString(directory.resolve(".study.json.1f.tmp"), "half");

    try (ResumableOutput output = output(Existing.REFUSE)) {
      assertThat(output.start(computation()).earlier()).hasSize(1);
      write(output);
    }

    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("study.csv", "study.json");
    assertThat(directory.resolve("study.csv")).hasContent("a,b");
  }

  @Test
  void somebodyElsesFilesAreNotMixedWithUnlessForced() throws IOException {
    leaveOneStep();
    Files.writeString(directory.resolve("notes.txt"), "mine");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> output(Existing.REFUSE))
        .withMessage(
            "output directory '%s' is not empty; choose another, or replace files in it with --force",
            directory);
    try (ResumableOutput output = output(Existing.REPLACE)) {
      assertThat(output.start(computation()).earlier()).hasSize(1);
      write(output);
    }

    assertThat(directory.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void aFinishedResultIsNotReplacedUnlessForced() {
    leaveOneStep();
    try (ResumableOutput output = output(Existing.REFUSE)) {
      Journal unused = output.start(computation());
      write(output);
    }

    assertThatIllegalArgumentException().isThrownBy(() -> output(Existing.REFUSE));
    try (ResumableOutput output = output(Existing.REPLACE)) {
      assertThat(output.start(computation()).earlier()).isEmpty();
      write(output);
    }
  }

  @Test
  void anotherComputationIsRefusedAndItsStepsStay() {
    leaveOneStep();

    try (ResumableOutput output = output(Existing.REFUSE)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> output.start(object("seed", "2")))
          .withMessageContaining("belongs to another run, which differs in: seed");
    }
    try (ResumableOutput output = output(Existing.REFUSE)) {
      assertThat(output.start(computation()).earlier()).hasSize(1);
    }
  }
}
