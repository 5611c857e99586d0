package org.bertology.core.prune;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bertology.api.model.Mask;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;
import org.bertology.core.model.ModelMask;

/**
 * What an earlier pruning by a budget of time measured, so that the same result can be had again,
 * on any machine.
 */
public final class ReplayedLatency implements LatencyMeter {
  private final Path file;
  private final Mask kind;
  private final Map<Integer, Double> seconds;

  private ReplayedLatency(Path file, Mask kind, Map<Integer, Double> seconds) {
    this.file = file;
    this.kind = kind;
    this.seconds = seconds;
  }

  /**
   * The measurements in a {@code prune.json}.
   *
   * @param kind of the units that go
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if it is no result of a pruning by a budget of time
   */
  public static ReplayedLatency read(Path file, Mask kind) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "'%s' does not exist; expected the prune.json of an earlier run".formatted(file));
    }
    JsonFields document = document(file);
    if (!document.text("kind").equals("pruning")
        || !document.fields("schedule").text("quantity", "").equals(Quantity.LATENCY.key())) {
      throw new ContentException(
          "'%s' holds no measured times; expected the prune.json of a run with --budget latency=..."
              .formatted(file));
    }
    Map<Integer, Double> seconds = new TreeMap<>();
    for (JsonElement element : document.array("measurements", "a list of measurements")) {
      JsonFields entry = entry(file, element);
      seconds.put(entry.integer("removed", 0, Integer.MAX_VALUE), entry.positive("cost", 0));
    }
    return new ReplayedLatency(file, kind, seconds);
  }

  private static JsonFields document(Path file) {
    try {
      return StrictJson.object("'%s'".formatted(file), ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
    }
  }

  private static JsonFields entry(Path file, JsonElement element) {
    if (!element.isJsonObject()) {
      throw new ContentException("'%s': a measurement is no object: %s".formatted(file, element));
    }
    return new JsonFields("'%s': a measurement".formatted(file), element.getAsJsonObject());
  }

  @Override
  public double seconds(ModelMask mask) {
    int removed = mask.maskedCount(kind);
    Double measured = seconds.get(removed);
    if (measured == null) {
      throw new ContentException(
          "'%s' has no time without %d units, only without %s; it is of another model or budget"
              .formatted(file, removed, seconds.keySet()));
    }
    return measured;
  }
}
