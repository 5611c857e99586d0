package org.bertology.core.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bertology.core.importance.Target;

/** The files of a pruning, beside the directory of the pruned model. */
public final class PruningFiles {
  /** The directory of the pruned model, where something was cut. */
  public static final String MODEL = "model";

  private static final String DOCUMENT = "prune.json";
  private static final String TABLE = "curve.csv";

  private PruningFiles() {}

  /** The names of all that a pruning may write. */
  public static List<String> known() {
    return Stream.concat(
            Arrays.stream(Target.values()).map(PruningFiles::mask),
            Stream.of(TABLE, DOCUMENT, MODEL))
        .toList();
  }

  private static String mask(Target target) {
    return target.unit() + "_mask.npy";
  }

  /**
   * The names of what a pruning writes, the directory {@link #MODEL} first if something was cut.
   */
  public static List<String> names(PruningReport report) {
    List<String> names = new ArrayList<>();
    if (report.proof().isPresent()) {
      names.add(MODEL);
    }
    masks(report).map(PruningFiles::mask).forEach(names::add);
    names.addAll(List.of(TABLE, DOCUMENT));
    return List.copyOf(names);
  }

  /** The targets of which something goes, or the one of which nothing does. */
  private static Stream<Target> masks(PruningReport report) {
    return Arrays.stream(Target.values())
        .filter(
            target ->
                report.mask().kinds().contains(target.mask())
                    || report.mask().kinds().isEmpty() && target == report.options().target());
  }

  /** Adds a pruning's files to a directory: masks as float32 arrays, 1 for what stays. */
  public static void addTo(
      OutputDirectory directory, PruningReport report, Provenance provenance, RunRecord run) {
    masks(report)
        .forEach(target -> directory.add(mask(target), report.mask().toTensor(target.mask())));
    directory.add(TABLE, PruningCsv.of(report));
    directory.add(DOCUMENT, PruningJson.of(report, names(report), provenance, run));
  }
}
