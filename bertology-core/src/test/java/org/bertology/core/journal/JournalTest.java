package org.bertology.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("ablation.journal");
  }

  private Journal open(String model) {
    return Journal.open(file(), object("model", model), Existing.REFUSE);
  }

  private static JsonObject object(String key, String value) {
    JsonObject object = new JsonObject();
    object.addProperty(key, value);
    return object;
  }

  private static JsonObject step(int number) {
    JsonObject step = new JsonObject();
    step.addProperty("step", number);
    step.addProperty("loss", 0.1 + number);
    return step;
  }

  private void write(String model, int... steps) {
    try (Journal journal = open(model)) {
      IntStream.of(steps).mapToObj(JournalTest::step).forEach(journal::append);
    }
  }

  @Test
  void whatWasDoneIsThereAgain() {
    write("a", 1, 2);

    try (Journal journal = open("a")) {
      assertThat(journal.earlier()).hasSize(2);
      assertThat(journal.earlier().get(1).get("loss").getAsDouble()).isEqualTo(0.1 + 2);
    }
  }

  @Test
  void stepsAreAddedToThoseBefore() {
    write("a", 1);
    write("a", 2);

    try (Journal journal = open("a")) {
      assertThat(journal.earlier()).extracting(s -> s.get("step").getAsInt()).containsExactly(1, 2);
    }
  }

  @Test
  void aTornLineIsCutOffAndTheNextStepIsWhole() throws IOException {
    write("a", 1);
    Files.writeString(file(), "{\"step\": 2, \"lo", StandardOpenOption.APPEND);
    write("a", 3);

    try (Journal journal = open("a")) {
      assertThat(journal.earlier()).extracting(s -> s.get("step").getAsInt()).containsExactly(1, 3);
    }
  }

  @Test
  void everyPrefixOfAJournalIsAJournal() throws IOException {
    write("a", 1, 2, 3);
    byte[] whole = Files.readAllBytes(file());

    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      try (Journal journal = open("a")) {
        assertThat(journal.earlier().size()).isLessThan(3);
        journal.append(step(9));
      }
      try (Journal journal = open("a")) {
        int last = journal.earlier().size() - 1;
        assertThat(journal.earlier().get(last).get("step").getAsInt()).isEqualTo(9);
      }
    }
  }

  @Test
  void anotherComputationIsRefusedAndNamed() {
    write("a", 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> open("b"))
        .withMessage(
            "journal '%s' belongs to another run, which differs in: model; choose another directory, or start anew with --force"
                .formatted(file()));
    try (Journal journal = open("a")) {
      assertThat(journal.earlier()).hasSize(1);
    }
  }

  @Test
  void anotherComputationStartsAnewWhereThatIsAllowed() {
    write("a", 1);

    try (Journal journal = Journal.open(file(), object("model", "b"), Existing.REPLACE)) {
      assertThat(journal.earlier()).isEmpty();
    }
    assertThatIllegalArgumentException().isThrownBy(() -> open("a"));
  }

  @Test
  void aFileThatIsNoJournalStartsAnew() throws IOException {
    Files.writeString(file(), "[1, 2]\n{\"journal\": 7}\n");

    try (Journal journal = open("a")) {
      assertThat(journal.earlier()).isEmpty();
    }
    assertThat(Files.readString(file())).startsWith("{\"journal\":1,\"of\":{\"model\":\"a\"}}\n");
  }

  @Test
  void twoCannotWriteAtOnce() {
    try (Journal journal = open("a")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> open("a"))
          .withMessage(
              "journal '%s' is written by another process; wait for it, or choose another directory"
                  .formatted(journal.file()));
    }
  }

  @Test
  void itIsRemovedWhenTheResultIsSafe() {
    try (Journal journal = open("a")) {
      journal.append(step(1));
      journal.delete();
    }

    assertThat(file()).doesNotExist();
  }
}
