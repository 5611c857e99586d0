package org.bertology.core.export;

import java.util.Comparator;
import java.util.List;

/**
 * What became of an export.
 *
 * @param format of the file
 * @param inputs what the file takes, in that order
 * @param outputs what it gives, in that order, and how far each is from the model
 * @param examples on how many examples they were compared
 * @param tolerance the most that an output may differ, as a fraction of its largest entry
 * @param files that were written; none if the tolerance was exceeded
 */
public record ExportReport(
    ExportFormat format,
    List<String> inputs,
    List<OutputDifference> outputs,
    int examples,
    double tolerance,
    List<ExportedFile> files) {
  public ExportReport {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    files = List.copyOf(files);
  }

  /** The output that differs most, for its size. */
  public OutputDifference worst() {
    return outputs.stream()
        .max(Comparator.comparingDouble(OutputDifference::relative))
        .orElseThrow(() -> new IllegalStateException("an export has an output"));
  }

  /** Whether all outputs are within the tolerance. */
  public boolean holds() {
    return worst().relative() <= tolerance;
  }

  ExportReport withoutFiles() {
    return new ExportReport(format, inputs, outputs, examples, tolerance, List.of());
  }

  /** The size of all files. */
  public long bytes() {
    return files.stream().mapToLong(ExportedFile::bytes).sum();
  }
}
