package org.bertology.core.export;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.ExportedGraph;
import org.bertology.api.backend.GraphExport;
import org.bertology.api.backend.GraphExporter;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.PlainModel;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.model.Task;
import org.bertology.api.rewrite.Narrowing;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * A model on its way into a file that runs without this library; see {@link PlainModel} for what
 * the file takes and gives.
 */
public final class ModelExport {
  /**
   * The most that an output may differ, as a fraction of its largest entry, unless told otherwise.
   */
  public static final double USUAL_TOLERANCE = 1e-4;

  private final Model model;
  private final ExportFormat format;
  private final GraphExporter exporter;
  private final PlainModel plain;

  private ModelExport(Model model, ExportFormat format, GraphExporter exporter, PlainModel plain) {
    this.model = model;
    this.format = format;
    this.exporter = exporter;
    this.plain = plain;
  }

  /**
   * An export that is not written yet.
   *
   * @param model opened on the {@linkplain ExportFormat#engine() engine of the format}
   * @param parts besides the outputs of the task; the pooler of an encoder that has one is always
   *     among them
   * @throws UnsupportedCapabilityException if the model's engine does not write the format, or a
   *     head mask is asked for and the model has no heads
   */
  public static ModelExport of(Model model, ExportFormat format, Set<Part> parts) {
    GraphExporter exporter =
        model
            .backend()
            .exporter()
            .filter(candidate -> candidate.format().equals(format.key()))
            .orElseThrow(() -> unsupported(model, format));
    if (parts.contains(Part.HEAD_MASK) && model.config().totalHeads() == 0) {
      throw new UnsupportedCapabilityException(
          "this model has no heads, so no file can have a head mask as an input; leave it out");
    }
    Set<Part> all = EnumSet.noneOf(Part.class);
    all.addAll(parts);
    if (model.task() == Task.ENCODER && model.output().equals(Hooks.POOLED)) {
      all.add(Part.POOLER);
    }
    return new ModelExport(
        model, format, exporter, PlainModel.bert(model.config(), model.task(), all));
  }

  private static UnsupportedCapabilityException unsupported(Model model, ExportFormat format) {
    return new UnsupportedCapabilityException(
        "%s does not write %s; open the model on %s"
            .formatted(model.backend().name(), format.key(), format.engine().backend()));
  }

  /**
   * Refuses a target before any work is done.
   *
   * @throws IllegalArgumentException if it exists and is to be kept or is something else than the
   *     format makes, or lies in a directory that does not exist or cannot be written
   */
  public static void requireWritable(Path target, ExportFormat format, Existing existing) {
    ExportTarget.require(target, format, existing);
  }

  /**
   * Writes the file under a hidden name, loads it from there by itself, compares its outputs with
   * those of the model, and gives it its own name if all are within the tolerance; otherwise
   * nothing is kept.
   *
   * @param examples on which they are compared
   * @param tolerance the most that an output may differ, as a fraction of its largest entry
   * @throws IllegalArgumentException as {@link #requireWritable}, or if the tolerance is negative
   *     or there is no example
   * @throws UncheckedIOException if writing fails
   * @throws BackendException if the engine fails
   */
  public ExportReport save(
      List<EncodedExample> examples,
      RunSettings settings,
      double tolerance,
      Path target,
      Existing existing) {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("the tolerance must be 0 or more, got " + tolerance);
    }
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("comparing a file with its model takes an example");
    }
    ExportTarget place = ExportTarget.of(target, format, existing);
    try (StagedExport staged = StagedExport.at(place)) {
      write(place, staged);
      ExportReport report = report(check(staged, examples, settings), examples, tolerance, staged);
      if (!report.holds()) {
        return report;
      }
      staged.publish();
      return report;
    }
  }

  private void write(ExportTarget target, StagedExport staged) {
    try {
      exporter.write(export(), staged.path());
    } catch (UncheckedIOException e) {
      throw target.notWritten(e.getCause());
    }
  }

  private GraphExport export() {
    List<String> outputs = List.copyOf(plain.outputs().keySet());
    Graph narrowed = Narrowing.of(plain.graph(), outputs);
    return new GraphExport(
        narrowed, model.checkpoint().weights(), plain.inputs(), outputs, description());
  }

  private String description() {
    String task = model.task().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    Optional<String> labels =
        switch (model.task()) {
          case SEQUENCE_CLASSIFICATION, TOKEN_CLASSIFICATION ->
              Optional.of("; labels: " + String.join(", ", model.labels()));
          case REGRESSION, MASKED_LM, ENCODER -> Optional.empty();
        };
    return "BERT, %s%s".formatted(task, labels.orElse(""));
  }

  private List<OutputDifference> check(
      StagedExport staged, List<EncodedExample> examples, RunSettings settings) {
    try (ExportedGraph file = exporter.open(staged.path())) {
      return ExportCheck.of(model, plain, file, examples, settings);
    }
  }

  private ExportReport report(
      List<OutputDifference> differences,
      List<EncodedExample> examples,
      double tolerance,
      StagedExport staged) {
    ExportReport report =
        new ExportReport(
            format, plain.inputs(), differences, examples.size(), tolerance, staged.files());
    return report.holds() ? report : report.withoutFiles();
  }
}
