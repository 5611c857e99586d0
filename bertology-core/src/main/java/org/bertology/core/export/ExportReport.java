package org.bertology.core.export;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bertology.core.prove.Proof;

/**
 * What became of an export.
 *
 * @param format of the file
 * @param inputs what the file takes, in that order; none where it is no graph
 * @param outputs what it gives, in that order, and how far each is from the model; none where it is
 *     no graph
 * @param proof how far the model in the file is from the masked one, or from the one that was
 *     saved; empty if there is no mask and the outputs say it all
 * @param examples on how many examples they were compared
 * @param tolerance the most that an output may differ, as a fraction of its largest entry
 * @param files that were written; none if the tolerance was exceeded
 */
public record ExportReport(
    ExportFormat format,
    List<String> inputs,
    List<OutputDifference> outputs,
    Optional<Proof> proof,
    int examples,
    double tolerance,
    List<ExportedFile> files) {
  public ExportReport {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    files = List.copyOf(files);
  }

  /** The output that differs most, for its size. */
  public Optional<OutputDifference> worst() {
    return outputs.stream().max(Comparator.comparingDouble(OutputDifference::relative));
  }

  /** Whether the proof and all outputs are within the tolerance. */
  public boolean holds() {
    return proof.map(Proof::holds).orElse(true)
        && worst().map(output -> output.relative() <= tolerance).orElse(true);
  }

  ExportReport withoutFiles() {
    return new ExportReport(format, inputs, outputs, proof, examples, tolerance, List.of());
  }

  /** The size of all files. */
  public long bytes() {
    return files.stream().mapToLong(ExportedFile::bytes).sum();
  }
}
