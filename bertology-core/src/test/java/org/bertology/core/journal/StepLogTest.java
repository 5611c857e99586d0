package org.bertology.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepLogTest {
  @TempDir Path directory;

  private int computed;

  private JsonObject work() {
    computed++;
    JsonObject result = new JsonObject();
    result.addProperty("result", 0.1 * computed);
    return result;
  }

  private Journal journal() {
    return Journal.open(directory.resolve("test.journal"), new JsonObject(), Existing.REFUSE);
  }

  @Test
  void aStepIsComputedOnce() {
    StepLog log = StepLog.inMemory();

    JsonObject first = log.step("a", this::work);

    assertThat(log.step("a", this::work)).isEqualTo(first);
    assertThat(log.step("b", this::work)).isNotEqualTo(first);
    assertThat(computed).isEqualTo(2);
    assertThat(log.replayed()).isZero();
  }

  @Test
  void aStepOfAnEarlierProcessIsNotComputedAgain() {
    JsonObject first;
    try (Journal journal = journal()) {
      first = StepLog.of(journal).step("a", this::work);
    }

    try (Journal journal = journal()) {
      StepLog log = StepLog.of(journal);

      assertThat(log.replayed()).isOne();
      assertThat(log.step("a", this::work).get("result").getAsDouble())
          .isEqualTo(first.get("result").getAsDouble());
    }
    assertThat(computed).isOne();
  }
}
