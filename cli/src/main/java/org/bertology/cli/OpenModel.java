package org.bertology.cli;

import java.util.function.Supplier;
import org.bertology.api.backend.Backend;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.model.Model;

/**
 * A model and the engine under it, closed in that order.
 *
 * @param engine owned by this
 * @param model owned by this
 */
record OpenModel(Backend engine, Model model) implements AutoCloseable {

  /** Takes over the engine, and closes it if the model does not open. */
  static OpenModel open(Checkpoint checkpoint, Backend engine) {
    return open(engine, () -> Model.open(checkpoint, engine));
  }

  /** The same for a model that is given token ids. */
  static OpenModel withoutTokenizer(Checkpoint checkpoint, Backend engine) {
    return open(engine, () -> Model.of(checkpoint, engine));
  }

  private static OpenModel open(Backend engine, Supplier<Model> model) {
    try {
      return new OpenModel(engine, model.get());
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try (engine) {
      model.close();
    }
  }
}
