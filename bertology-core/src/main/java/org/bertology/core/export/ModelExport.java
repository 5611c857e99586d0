package org.bertology.core.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.rewrite.Narrowing;
import org.bertology.api.tensor.Weights;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.onnx.OnnxCheckpoint;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.OutputTarget;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prove.Proof;
import org.bertology.core.prune.Cut;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * A model on its way into a file that runs without this library; see {@link PlainModel} for what
 * the file takes and gives.
 */
public final class ModelExport {
  private final Model whole;
  private final Optional<ModelMask> mask;
  private final ExportFormat format;
  private final GraphExporter exporter;
  private final PlainModel plain;

  private ModelExport(
      Model whole,
      Optional<ModelMask> mask,
      ExportFormat format,
      GraphExporter exporter,
      PlainModel plain) {
    this.whole = whole;
    this.mask = mask;
    this.format = format;
    this.exporter = exporter;
    this.plain = plain;
  }

  /**
   * An export that is not written yet.
   *
   * @param whole opened on the {@linkplain ExportFormat#engine() engine of the format}
   * @param mask what is cut out first
   * @param format one that is a graph
   * @param parts besides the outputs of the task; the pooler of an encoder that has one is always
   *     among them
   * @throws UnsupportedCapabilityException if the model's engine does not write the format, or a
   *     head mask is asked for and no head is left
   * @throws IllegalArgumentException as {@link Cut#of} does
   */
  public static ModelExport of(
      Model whole, Optional<ModelMask> mask, ExportFormat format, Set<Part> parts) {
    GraphExporter exporter =
        whole
            .backend()
            .exporter()
            .filter(candidate -> candidate.format().equals(format.key()))
            .orElseThrow(() -> unsupported(whole, format));
    mask.ifPresent(cut -> Cut.require(whole.config(), cut));
    TransformerConfig config = mask.map(ModelMask::cut).orElse(whole.config());
    if (parts.contains(Part.HEAD_MASK) && config.totalHeads() == 0) {
      throw new UnsupportedCapabilityException(
          "this model has no heads, so no file can have a head mask as an input; leave it out");
    }
    Set<Part> all = EnumSet.noneOf(Part.class);
    all.addAll(parts);
    if (whole.task() == Task.ENCODER && whole.output().equals(Hooks.POOLED)) {
      all.add(Part.POOLER);
    }
    PlainModel plain = PlainModel.of(config, whole.task(), all);
    return new ModelExport(whole, mask, format, exporter, plain);
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
    if (format == ExportFormat.HUGGINGFACE) {
      OutputTarget.require(target, existing);
    } else {
      ExportTarget.require(target, format, existing);
    }
  }

  /**
   * Writes the file under a hidden name, loads it from there by itself, compares its outputs with
   * those of the model, and that model with the masked one if something was cut out of it, and
   * gives it its own name if all are within the tolerance; otherwise nothing is kept.
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
    try (StagedExport staged = StagedExport.at(place);
        Model model = exported()) {
      write(model, place, staged);
      ExportReport report = report(model, staged, examples, settings, tolerance);
      if (!report.holds()) {
        return report.withoutFiles();
      }
      staged.publish();
      return report;
    }
  }

  /** The model that goes into the file. */
  private Model exported() {
    Checkpoint checkpoint =
        mask.map(cut -> Cut.of(whole.checkpoint(), cut)).orElseGet(whole::checkpoint);
    return Model.of(checkpoint, whole.backend());
  }

  private void write(Model model, ExportTarget target, StagedExport staged) {
    try {
      exporter.write(export(model), staged.path());
    } catch (UncheckedIOException e) {
      throw target.notWritten(new IOException(e.getCause()));
    }
  }

  private GraphExport export(Model model) {
    List<String> outputs = List.copyOf(plain.outputs().keySet());
    Graph narrowed = Narrowing.of(plain.graph(), outputs);
    return new GraphExport(
        narrowed,
        Weights.layered(plain.constants(), model.checkpoint().weights()),
        plain.inputs(),
        outputs,
        description(),
        metadata(model));
  }

  /** With it the file can be read as the model that it is. */
  private Map<String, String> metadata(Model model) {
    return Map.of(
        OnnxCheckpoint.CONFIGURATION,
        model.checkpoint().configText(Optional.of(StoredType.F32)),
        OnnxCheckpoint.CONSTANTS,
        String.join("\n", plain.constants().keySet()));
  }

  private String description() {
    String task = whole.task().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String labels =
        switch (whole.task()) {
          case SEQUENCE_CLASSIFICATION, TOKEN_CLASSIFICATION, REPLACED_TOKEN_DETECTION ->
              "; labels: " + String.join(", ", whole.labels());
          case SENTENCE_EMBEDDING -> "; pooling: " + whole.config().pooling().orElseThrow().text();
          case REGRESSION, MASKED_LM, CAUSAL_LM, SEQ2SEQ_LM, ENCODER -> "";
        };
    return "%s, %s%s".formatted(whole.config().family().title(), task, labels);
  }

  /** A file for sentence embedding takes one text in a row. */
  private static List<EncodedExample> firstTexts(List<EncodedExample> examples) {
    return examples.stream().map(EncodedExample::firstText).toList();
  }

  private ExportReport report(
      Model model,
      StagedExport staged,
      List<EncodedExample> examples,
      RunSettings settings,
      double tolerance) {
    try (ExportedGraph file = exporter.open(staged.path())) {
      return new ExportReport(
          format,
          plain.inputs(),
          ExportCheck.of(model, plain, file, firstTexts(examples), settings),
          mask.map(cut -> Proof.of(whole, cut, model, examples, settings, tolerance)),
          examples.size(),
          tolerance,
          staged.files());
    }
  }
}
