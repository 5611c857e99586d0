package org.bertology.core.result;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bertology.core.importance.Target;
import org.bertology.core.scoring.Scorers;
import org.bertology.core.scoring.Scoring;

/** Several criteria as files. */
public final class CriteriaFiles {
  private static final String TABLE = "criteria.csv";
  private static final String DOCUMENT = "criteria.json";

  private CriteriaFiles() {}

  /**
   * The names of the files of a result by some criteria: {@code head_gradient.npy} (or neuron,
   * layer) and so on, {@code criteria.csv} and {@code criteria.json}.
   */
  public static List<String> names(Target target, List<String> keys) {
    return Stream.concat(keys.stream().map(key -> matrix(target, key)), Stream.of(TABLE, DOCUMENT))
        .toList();
  }

  private static String matrix(Target target, String key) {
    return "%s_%s.npy".formatted(target.unit(), key);
  }

  /** Adds all files of a result to a directory, in which none of another result is to remain. */
  public static void addTo(
      OutputDirectory directory, CriteriaReport report, Provenance provenance, RunRecord run) {
    directory.withoutOthersOf(known());
    for (Scoring scoring : report.scorings()) {
      directory.add(matrix(scoring.target(), scoring.key()), scoring.scores().toTensor());
    }
    directory.add(TABLE, CriteriaCsv.of(report, provenance.layers()));
    directory.add(DOCUMENT, CriteriaJson.of(report, names(report), provenance, run));
  }

  private static List<String> names(CriteriaReport report) {
    return names(report.options().target(), report.agreement().keys());
  }

  private static List<String> known() {
    Stream<String> matrices =
        Arrays.stream(Target.values())
            .flatMap(target -> Scorers.keys().stream().map(key -> matrix(target, key)));
    return Stream.concat(matrices, Stream.of(TABLE, DOCUMENT)).toList();
  }
}
