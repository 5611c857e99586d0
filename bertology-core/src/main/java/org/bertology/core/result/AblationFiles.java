package org.bertology.core.result;

import java.util.List;

/** The files of an ablation's result. */
public final class AblationFiles {
  private static final String METRIC = "ablation_metric.npy";
  private static final String LOSS = "ablation_loss.npy";
  private static final String TABLE = "ablation.csv";
  private static final String DOCUMENT = "ablation.json";

  private AblationFiles() {}

  /** The names of all files, in the order in which they are written. */
  public static List<String> names() {
    return List.of(METRIC, LOSS, TABLE, DOCUMENT);
  }

  /**
   * Adds all {@linkplain #names files} of a result to a directory. The arrays are the main measure
   * and the mean loss of each run, float32 {@code [layers, groups]}.
   */
  public static void addTo(
      OutputDirectory directory, AblationReport report, Provenance provenance, RunRecord run) {
    directory.add(METRIC, report.matrix(row -> row.main().value()).toTensor());
    directory.add(LOSS, report.matrix(row -> row.loss().value()).toTensor());
    directory.add(TABLE, AblationCsv.of(report, provenance.layers()));
    directory.add(DOCUMENT, AblationJson.of(report, names(), provenance, run));
  }
}
