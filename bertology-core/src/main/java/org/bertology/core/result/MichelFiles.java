package org.bertology.core.result;

import java.util.List;

/** The files of a study in the way of Michel et al. (2019). */
public final class MichelFiles {
  private static final String LEAVE_ONE_OUT = "leave_one_out.csv";
  private static final String KEEP_ONE = "keep_one.csv";
  private static final String CURVE = "curve.csv";
  private static final String DOCUMENT = "michel.json";

  private MichelFiles() {}

  /** The names of all files, in the order in which they are written. */
  public static List<String> names() {
    return List.of(LEAVE_ONE_OUT, KEEP_ONE, CURVE, DOCUMENT);
  }

  /** Adds all {@linkplain #names files} of a result to a directory. */
  public static void addTo(
      OutputDirectory directory, MichelReport report, Provenance provenance, RunRecord run) {
    directory.add(LEAVE_ONE_OUT, AblationCsv.of(report.leaveOneOut(), provenance.layers()));
    directory.add(KEEP_ONE, AblationCsv.of(report.keepOne(), provenance.layers()));
    directory.add(CURVE, PruningCsv.of(report.curves()));
    directory.add(DOCUMENT, MichelJson.of(report, names(), provenance, run));
  }
}
