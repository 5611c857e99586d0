package org.bertology.cli;

import java.nio.file.Path;
import org.bertology.api.backend.Backend;
import org.bertology.core.model.Model;

/**
 * A model and the engine under it, closed in that order.
 *
 * @param engine owned by this
 * @param model owned by this
 */
record OpenModel(Backend engine, Model model) implements AutoCloseable {

  /** Takes over the engine, and closes it if the model does not open. */
  static OpenModel open(Path directory, Backend engine) {
    try {
      return new OpenModel(engine, Model.open(directory, engine));
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
