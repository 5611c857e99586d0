package org.bertology.core.journal;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The steps of a computation by name: each is computed once, also where an earlier process did.
 * Without a journal they are remembered for as long as this lives. Not thread-safe.
 */
public final class StepLog {
  private static final String NAME = "step";

  private final Optional<Steps> steps;
  private final Map<String, JsonObject> known = new HashMap<>();
  private final int replayed;

  private StepLog(Optional<Steps> steps) {
    this.steps = steps;
    steps.ifPresent(
        kept -> kept.earlier().forEach(step -> known.put(step.get(NAME).getAsString(), step)));
    replayed = known.size();
  }

  /** A log that goes on with what a journal, or a part of one, holds. */
  public static StepLog of(Steps steps) {
    return new StepLog(Optional.of(steps));
  }

  /** A log that nobody finds again. */
  public static StepLog inMemory() {
    return new StepLog(Optional.empty());
  }

  /** How many steps an earlier process had completed. */
  public int replayed() {
    return replayed;
  }

  /**
   * A step: what it was before, or what it is now.
   *
   * @param name that no other step of this computation has
   */
  public JsonObject step(String name, Supplier<JsonObject> work) {
    JsonObject before = known.get(name);
    if (before != null) {
      return before;
    }
    JsonObject step = new JsonObject();
    step.addProperty(NAME, name);
    work.get().entrySet().forEach(member -> step.add(member.getKey(), member.getValue()));
    steps.ifPresent(kept -> kept.append(step));
    known.put(name, step);
    return step;
  }
}
