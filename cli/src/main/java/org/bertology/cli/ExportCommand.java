package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.export.CheckExamples;
import org.bertology.core.export.ExportFormat;
import org.bertology.core.export.ExportReport;
import org.bertology.core.export.HuggingFaceExport;
import org.bertology.core.export.ModelExport;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.ExportJson;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology export}. */
@Command(
    name = "export",
    description = {
      "Writes a model as a file that runs without this program, loads the file, compares it with the"
          + " model, and keeps it only if both give the same. What is masked is cut out first.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology export --model my-bert --format onnx --out my-bert.onnx",
      "  bertology export --model my-bert --format huggingface --head-mask '1:2,3 4:1' --out pruned",
      "  bertology export --model my-bert --format torchscript --with-attentions --with-head-mask \\",
      "      --data dev.tsv --task sst-2 --out my-bert.pt"
    })
final class ExportCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final Invocation invocation;

  @Mixin private ModelOptions model;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      converter = Choices.OfFormat.class,
      completionCandidates = Choices.Formats.class,
      description =
          "${COMPLETION-CANDIDATES}: an .onnx file, a file for torch.jit.load, the directory of a"
              + " TensorFlow SavedModel, or one for Hugging Face transformers. The first three need"
              + " their engine: onnx, djl, tensorflow.")
  private ExportFormat format;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description = "Where to: a file; for savedmodel and huggingface a directory.")
  private Path out;

  @Option(
      names = "--with-attentions",
      description = "Also give attention probabilities: outputs attentions.0, attentions.1 ...")
  private boolean attentions;

  @Option(
      names = "--with-hidden-states",
      description = "Also give hidden states: outputs hidden_states.0 (embeddings) and so on.")
  private boolean hiddenStates;

  @Option(
      names = "--with-head-mask",
      description = "Also take head_mask [layers, heads]: 1 keeps a head, 0 takes it away.")
  private boolean headMask;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Choices.OfType.class,
      description =
          "For huggingface: f32, f16 or bf16 for all weights (default: each as it is). The others"
              + " are float32.")
  private Optional<StoredType> type = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Compare the file with the model on these texts: .tsv, .csv, .jsonl, .conllu or .conll, or the directory of"
              + " a task's files (default: a few made-up examples).")
  private Optional<Path> data = Optional.empty();

  @Mixin private ReadingOptions reading;

  @Option(
      names = "--tolerance",
      paramLabel = "FRACTION",
      defaultValue = "1e-4",
      description =
          "The most that an output of the file may differ from the model's, as a fraction of the"
              + " output's largest entry; above it nothing is kept and the exit code is 4 (default:"
              + " ${DEFAULT-VALUE}).")
  private double tolerance;

  @Mixin private OutputOptions output;
  @Mixin private RunOptions run;

  @Inject
  ExportCommand(Console console, Backends backends, RootCommand root, Invocation invocation) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    ModelExport.requireWritable(out, format, output.existing());
    RunSettings settings = run.settings(ProgressBar.on(console, root.verbosity()));
    try (OpenModel open = open()) {
      Optional<TaskData> texts =
          data.map(file -> TaskData.readTexts(open.model(), reading.selection(file)));
      List<EncodedExample> examples =
          texts
              .map(read -> read.encoded().examples())
              .orElseGet(() -> CheckExamples.of(open.model().config()));
      Optional<ModelMask> mask = model.mask(open.model());
      ExportReport report = save(open.model(), mask, examples, settings);
      print(report, open.model(), mask, texts);
      return report.holds() ? ExitCode.OK : refused(report);
    }
  }

  private OpenModel open() {
    Backend engine = EngineOptions.open(backends, format.engine().backend(), run.config());
    return data.isPresent()
        ? OpenModel.open(model.open(), engine)
        : OpenModel.withoutTokenizer(model.open(), engine);
  }

  private ExportReport save(
      Model opened, Optional<ModelMask> mask, List<EncodedExample> examples, RunSettings settings) {
    if (format == ExportFormat.HUGGINGFACE) {
      return HuggingFaceExport.of(opened, mask, type, parts())
          .save(examples, settings, tolerance, out, output.existing());
    }
    if (type.isPresent()) {
      throw new UnsupportedCapabilityException(
          "%s is written in float32 alone; leave out --dtype, or choose --format huggingface"
              .formatted(format.key()));
    }
    return ModelExport.of(opened, mask, format, parts())
        .save(examples, settings, tolerance, out, output.existing());
  }

  private Set<Part> parts() {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    if (attentions) {
      parts.add(Part.ATTENTIONS);
    }
    if (hiddenStates) {
      parts.add(Part.HIDDEN_STATES);
    }
    if (headMask) {
      parts.add(Part.HEAD_MASK);
    }
    return parts;
  }

  private void print(
      ExportReport report, Model opened, Optional<ModelMask> mask, Optional<TaskData> texts) {
    if (output.json()) {
      console.out().print(ExportJson.of(report, opened, mask, texts, invocation.record()));
    } else {
      new ExportView(console, root.verbosity(), report).print(opened, mask, texts, out);
    }
  }

  private int refused(ExportReport report) {
    console.err().println("bertology: " + ExportView.failure(report));
    return ExitCode.CHECK_FAILED;
  }
}
