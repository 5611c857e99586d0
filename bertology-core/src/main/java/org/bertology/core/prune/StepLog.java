package org.bertology.core.prune;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bertology.core.journal.Journal;

/**
 * The steps of a pruning by name: each is computed once, also where an earlier process did. Without
 * a journal they are remembered for as long as this lives.
 */
public final class StepLog {
  private static final String NAME = "step";

  private final Optional<Journal> journal;
  private final Map<String, JsonObject> known = new HashMap<>();
  private final int replayed;

  /** A log that goes on with what a journal holds. */
  public StepLog(Optional<Journal> journal) {
    this.journal = journal;
    journal.ifPresent(
        kept -> kept.earlier().forEach(step -> known.put(step.get(NAME).getAsString(), step)));
    replayed = known.size();
  }

  /** How many steps an earlier process had completed. */
  public int replayed() {
    return replayed;
  }

  /** How many steps there are, those of an earlier process included. */
  public int size() {
    return known.size();
  }

  /**
   * A step: what it was before, or what it is now.
   *
   * @param name that no other step of this computation has
   */
  JsonObject step(String name, Supplier<JsonObject> work) {
    JsonObject before = known.get(name);
    if (before != null) {
      return before;
    }
    JsonObject step = new JsonObject();
    step.addProperty(NAME, name);
    work.get().entrySet().forEach(member -> step.add(member.getKey(), member.getValue()));
    journal.ifPresent(kept -> kept.append(step));
    known.put(name, step);
    return step;
  }
}
