package org.bertology.core.journal;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * Where a computation writes down its steps, and finds those of an earlier process. Implementations
 * are thread-safe.
 */
public interface Steps {
  /** The steps that an earlier process completed, in their order. */
  List<JsonObject> earlier();

  /** Writes a step down; when this returns, the step is kept. */
  void append(JsonObject step);

  /**
   * The steps of a part of the computation, which may have steps that look like those of another.
   *
   * @param name that no other part has
   */
  default Steps part(String name) {
    return new PartSteps(this, name);
  }

  /** Steps that nobody keeps. */
  static Steps forgotten() {
    return new Steps() {
      @Override
      public List<JsonObject> earlier() {
        return List.of();
      }

      @Override
      public void append(JsonObject step) {}
    };
  }
}
