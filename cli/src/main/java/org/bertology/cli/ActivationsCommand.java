package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.activation.ActivationFormat;
import org.bertology.core.activation.Activations;
import org.bertology.core.backend.Backends;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.ActivationsJson;
import org.bertology.core.result.OutputDirectory;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.TaskData;
import org.bertology.core.task.TextExamples;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bertology activations}. */
@Command(
    name = "activations",
    description = {
      "Writes hidden states, attention maps, contexts and other values inside a model, and the"
          + " gradients of the loss with respect to them.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Hooks: embeddings, layer.0, layer.0.attention.{query,key,value,scores,probabilities,context,",
      "  output}, layer.0.feedforward.{pre,activation,output}, pooled, logits, loss, and gates, the",
      "  masks: layer.0.attention.gate, layer.0.feedforward.gate, layer.0.gate. In names of hooks",
      "  layers count from 0. layer.*.attention.context means all layers.",
      "Groups: hidden-states, attentions, scores, queries, keys, values, contexts, neurons.",
      "With .gradient behind it, each means the gradients, for which examples need labels.",
      "",
      "Examples:",
      "  bertology activations --model my-bert --text 'A fine film.' --hooks attentions \\",
      "      --out attentions.safetensors",
      "  bertology activations --model my-bert --task sst-2 --data dev.tsv --limit 100 \\",
      "      --hooks hidden-states,contexts,contexts.gradient --out activations.safetensors"
    })
final class ActivationsCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final Invocation invocation;

  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;

  @Option(
      names = "--hooks",
      required = true,
      split = ",",
      paramLabel = "HOOK",
      description = "What to write: hooks, patterns and groups, see below.")
  private List<String> hooks;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description =
          "Where to: one file if it ends in .safetensors, otherwise a directory with a .npy file"
              + " per hook. Arrays are [examples, ...], zero behind the end of shorter examples.")
  private Path out;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "A text; may be given several times. Or --data.")
  private List<String> texts = List.of();

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description = "The label of each --text, for gradients.")
  private List<String> labels = List.of();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Examples: .tsv, .csv, .jsonl, .conllu or .conll, or the directory of a task's files.")
  private Optional<Path> data = Optional.empty();

  @Mixin private ReadingOptions reading;
  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  ActivationsCommand(Console console, Backends backends, RootCommand root, Invocation invocation) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (texts.isEmpty() == data.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "expected either --text or --data, got " + (texts.isEmpty() ? "neither" : "both"));
    }
    ActivationFormat format = format(out);
    requireWritable(format);
    RunSettings settings = engine.settings(ProgressBar.on(console, root.verbosity()));
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends))) {
      Activations all = Activations.of(open.model(), hooks);
      Optional<ModelMask> mask = model.mask(open.model());
      Activations activations = mask.map(all::withMask).orElse(all);
      EncodedData examples = examples(open.model());
      activations.write(examples, settings, format, out, output.existing());
      print(activations, examples);
    }
    return ExitCode.OK;
  }

  private static ActivationFormat format(Path out) {
    String name = out.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      throw new IllegalArgumentException(
          "'%s' is the name of one .npy file, and there is one per hook; give a directory, or a name that ends in .safetensors"
              .formatted(out));
    }
    return name.endsWith(".safetensors") ? ActivationFormat.SAFETENSORS : ActivationFormat.NPY;
  }

  private void requireWritable(ActivationFormat format) {
    switch (format) {
      case NPY -> OutputDirectory.at(out, output.existing());
      case SAFETENSORS -> AtomicFiles.requireWritable(out, output.existing());
    }
  }

  private EncodedData examples(Model opened) {
    return data.map(file -> TaskData.readTexts(opened, reading.selection(file)).encoded())
        .orElseGet(() -> TextExamples.encode(opened, texts, labels, reading.maxLength()));
  }

  private void print(Activations activations, EncodedData examples) {
    List<String> names = activations.names();
    long bytes = activations.bytes(examples);
    if (output.json()) {
      console
          .out()
          .print(ActivationsJson.of(out.toString(), names, bytes, examples, invocation.record()));
      return;
    }
    names.forEach(console.out()::println);
    console.out().println();
    console
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%,d examples, %,d tokens, %,d cut off; %,d bytes in %s",
                examples.size(),
                examples.tokens(),
                examples.truncated(),
                bytes,
                out));
  }
}
