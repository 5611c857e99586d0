package org.bertology.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepsTest {
  @TempDir Path directory;

  private Journal journal() {
    return Journal.open(directory.resolve("test.journal"), new JsonObject(), Existing.REFUSE);
  }

  private static JsonObject step(int value) {
    JsonObject step = new JsonObject();
    step.addProperty("value", value);
    return step;
  }

  @Test
  void aPartFindsItsOwnStepsAsTheyWere() {
    try (Journal journal = journal()) {
      journal.part("a").append(step(1));
      journal.part("b").append(step(1));
      journal.part("a").append(step(2));
      journal.append(step(3));
    }

    try (Journal journal = journal()) {
      assertThat(journal.part("a").earlier()).containsExactly(step(1), step(2));
      assertThat(journal.part("b").earlier()).containsExactly(step(1));
      assertThat(journal.part("c").earlier()).isEmpty();
      assertThat(journal.earlier()).hasSize(4);
    }
  }

  @Test
  void whatIsForgottenIsNotThereLater() {
    Steps steps = Steps.forgotten();

    steps.part("a").append(step(1));
    steps.append(step(2));

    assertThat(steps.earlier()).isEmpty();
    assertThat(steps.part("a").earlier()).isEmpty();
  }
}
