package org.bertology.core.result;

import org.bertology.api.tensor.Tensor;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.LayerScores;

/** The files of an importance result, under the names that Hugging Face's script uses for heads. */
public final class ImportanceFiles {
  private ImportanceFiles() {}

  /**
   * Adds {@code head_importance.npy} (or neuron, layer), {@code attn_entropy.npy} if entropies were
   * computed, {@code importance.csv} and {@code importance.json}.
   */
  public static void addTo(
      OutputDirectory directory, ImportanceReport report, Provenance provenance, RunRecord run) {
    directory.add(report.target().unit() + "_importance.npy", report.scores().toTensor());
    report
        .importance()
        .entropy()
        .ifPresent(entropy -> directory.add("attn_entropy.npy", entropy.toTensor()));
    directory.add("importance.csv", ImportanceCsv.of(report));
    directory.add("importance.json", ImportanceJson.of(report, provenance, run));
  }

  /**
   * Adds {@code per_example.npy}: the derivative of each example's loss with respect to each unit's
   * mask, {@code [examples, layers, units]}, or {@code [examples, units]} where layers differ in
   * width.
   */
  public static void addPerExample(
      OutputDirectory directory, Importance importance, LayerScores shape) {
    Tensor flat = importance.perExample();
    boolean regular = shape.layers() * shape.maxWidth() == shape.size();
    directory.add(
        "per_example.npy",
        regular ? flat.reshaped(flat.extent(0), shape.layers(), shape.maxWidth()) : flat);
  }
}
