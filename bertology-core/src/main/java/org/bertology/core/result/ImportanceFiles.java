package org.bertology.core.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;

/** The files of an importance result, under the names that Hugging Face's script uses for heads. */
public final class ImportanceFiles {
  private static final String ENTROPY = "attn_entropy.npy";
  private static final String PER_EXAMPLE = "per_example.npy";
  private static final String TABLE = "importance.csv";
  private static final String DOCUMENT = "importance.json";

  private ImportanceFiles() {}

  /**
   * The names of a result's files: {@code head_importance.npy} (or neuron, layer), {@code
   * attn_entropy.npy} if entropies were computed, {@code per_example.npy} if asked for, {@code
   * importance.csv} and {@code importance.json}.
   */
  public static List<String> names(ImportanceReport report, boolean perExample) {
    List<String> names = new ArrayList<>(List.of(matrix(report.target())));
    report.importance().entropy().ifPresent(entropy -> names.add(ENTROPY));
    if (perExample) {
      names.add(PER_EXAMPLE);
    }
    names.addAll(List.of(TABLE, DOCUMENT));
    return List.copyOf(names);
  }

  private static String matrix(Target target) {
    return target.unit() + "_importance.npy";
  }

  /**
   * Adds all {@linkplain #names files} of a result to a directory, in which no such file of another
   * result is to remain.
   *
   * @param perExample whether to add {@code per_example.npy}: the derivative of each example's loss
   *     with respect to each unit's mask, {@code [examples, layers, units]}, or {@code [examples,
   *     units]} where layers differ in width
   */
  public static void addTo(
      OutputDirectory directory,
      ImportanceReport report,
      boolean perExample,
      Provenance provenance,
      RunRecord run) {
    directory.withoutOthersOf(known());
    directory.add(matrix(report.target()), report.scores().toTensor());
    report.importance().entropy().ifPresent(entropy -> directory.add(ENTROPY, entropy.toTensor()));
    if (perExample) {
      directory.add(PER_EXAMPLE, perExample(report));
    }
    directory.add(TABLE, ImportanceCsv.of(report, provenance.layers()));
    List<String> names = names(report, perExample);
    directory.add(DOCUMENT, ImportanceJson.of(report, names, provenance, run));
  }

  private static List<String> known() {
    return Stream.concat(
            Arrays.stream(Target.values()).map(ImportanceFiles::matrix),
            Stream.of(ENTROPY, PER_EXAMPLE, TABLE, DOCUMENT))
        .toList();
  }

  private static Tensor perExample(ImportanceReport report) {
    Tensor flat = report.importance().perExample();
    LayerScores shape = report.scores();
    boolean regular = shape.layers() * shape.maxWidth() == shape.size();
    return regular ? flat.reshaped(flat.extent(0), shape.layers(), shape.maxWidth()) : flat;
  }
}
