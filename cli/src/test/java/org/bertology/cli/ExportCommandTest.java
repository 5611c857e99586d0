package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.inject.multibindings.MapBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.contract.RememberingBackend;
import org.bertology.api.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path out;

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyModel.classifier(directory);
    out = Files.createDirectory(directory.resolve("exports")).resolve("model.onnx");
  }

  /** ONNX alone, whose files give what they should, but for a factor. */
  private record Module(double factor) implements com.google.inject.Module, BackendFactory {
    @Override
    public void configure(com.google.inject.Binder binder) {
      MapBinder.newMapBinder(binder, String.class, BackendFactory.class)
          .addBinding(name())
          .toInstance(this);
    }

    @Override
    public String name() {
      return "onnx";
    }

    @Override
    public Backend create(BackendConfig config) {
      return new RememberingBackend(name(), "onnx", false, this::scaled);
    }

    private Tensor scaled(Tensor tensor) {
      double[] values = tensor.toDoubles();
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      return Tensor.of(values, tensor.shape());
    }
  }

  private Result export(double factor, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("export", "--model", model.directory().toString(), "--out", out.toString()));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--format")) {
      arguments.addAll(List.of("--format", "onnx"));
    }
    return Result.of(new Module(factor), arguments.toArray(String[]::new));
  }

  private List<String> exports() throws IOException {
    try (Stream<Path> files = Files.list(out.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsWrittenAndTheDifferencePrinted() throws IOException {
    Result result = export(1, "--with-attentions", "--with-head-mask");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            model       model (3 layers, 12 heads)
            format      onnx
            takes       input_ids, attention_mask, token_type_ids, head_mask
            gives       logits and 3 more, up to attentions.2
            checked     by for a test on 6 made-up examples
            difference  at most 0.00e+00 of the largest entry, in logits
            written     %s, 71 bytes
            """
                .formatted(out));
    assertThat(exports()).containsExactly("model.onnx", "model.onnx.data");
  }

  @Test
  void aModelThatWritesTargetsTakesThemAndOneMaskForAllItsAttentions() throws IOException {
    model = TinyModel.sequenceToSequence(Files.createDirectory(directory.resolve("t5")));

    Result result = export(1, "--with-attentions", "--with-head-mask");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains(
            "takes       input_ids, attention_mask, decoder_input_ids, decoder_attention_mask, head_mask\n")
        .contains("gives       logits and 6 more, up to cross_attentions.1\n");
    assertThat(exports()).containsExactly("model.onnx", "model.onnx.data");
  }

  @Test
  void aFileThatGivesAnythingElseIsRefused() throws IOException {
    Result result = export(1.01);

    assertThat(result.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(result.err())
        .isEqualTo(
            "bertology: the file's 'logits' differs from the model's by 1.00e-02 of the largest entry, more than the tolerance 1.00e-04; nothing was written\n");
    assertThat(result.out()).doesNotContain("written");
    assertThat(exports()).isEmpty();
    assertThat(export(1.01, "--tolerance", "0.02").exitCode()).isZero();
  }

  @Test
  void theDocumentHoldsEveryDifferenceAndFile() {
    Path data = model.examples(5);

    Result result = export(1, "--data", data.toString(), "--json", "--with-hidden-states");

    JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(document.get("kind").getAsString()).isEqualTo("export");
    assertThat(document.get("format").getAsString()).isEqualTo("onnx");
    assertThat(document.get("examples").getAsInt()).isEqualTo(5);
    assertThat(document.get("withinTolerance").getAsBoolean()).isTrue();
    assertThat(document.getAsJsonArray("outputs")).hasSize(1 + 4);
    assertThat(document.getAsJsonArray("files")).hasSize(2);
    JsonObject provenance = document.getAsJsonObject("provenance");
    assertThat(provenance.getAsJsonObject("data").get("name").getAsString()).isEqualTo("data.tsv");
    assertThat(provenance.getAsJsonObject("engine").get("backend").getAsString()).isEqualTo("onnx");
  }

  @Test
  void whatIsThereIsNotReplacedUnlessForced() throws IOException {
    Files.writeString(out, "mine");

    Result result = export(1);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo(
            "bertology: '%s' exists; choose another name, or allow replacing it with --force\n"
                .formatted(out));
    assertThat(out).hasContent("mine");
    assertThat(export(1, "--force").exitCode()).isZero();
    assertThat(out).content().startsWith("BERT");
  }

  @Test
  void anEngineThatIsMissingIsNamedWithItsArtifact() {
    Result result =
        Result.of(
            new Module(1),
            "export",
            "--model",
            model.directory().toString(),
            "--format",
            "torchscript",
            "--out",
            out.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(result.err())
        .isEqualTo(
            "bertology: the backend 'djl' is missing from this installation, which has onnx; add org.bertology:bertology-backend-djl\n");
  }

  @Test
  void anUnknownFormatIsAnsweredWithTheNearest() {
    Result result = export(1, "--format", "onx");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("no format is named 'onx'; did you mean 'onnx'?");
  }

  @Test
  void aToleranceBelowZeroIsRefused() {
    Result result = export(1, "--tolerance", "-1");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).isEqualTo("bertology: the tolerance must be 0 or more, got -1.0\n");
  }

  @Test
  void whatIsMaskedIsCutOut() {
    Result result = export(1, "--head-mask", "1:1,2", "--neuron-mask", "3:1");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("cut out     2 of 12 heads, 1 of 144 neurons\n")
        .containsPattern(
            "proof       \\S+ of the largest logit between the model masked and cut\n");
  }

  @Test
  void aHuggingFaceDirectoryIsWrittenAndOpensAgain() {
    out = out.resolveSibling("pruned");

    Result result = export(1, "--format", "huggingface", "--head-mask", "1:1,2", "--json");

    assertThat(result.err()).isEmpty();
    JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(document.getAsJsonObject("proof").get("holds").getAsBoolean()).isTrue();
    assertThat(document.getAsJsonArray("headMask").get(0).toString())
        .isEqualTo("[0.0,0.0,1.0,1.0]");
    Result info = Result.of("info", "--model", out.toString());
    assertThat(info.out()).contains("3 layers, 10 heads");
    assertThat(out.resolve("vocab.txt")).exists();
  }

  @Test
  void anElementTypeThatIsTooCoarseIsRefused() throws IOException {
    out = out.resolveSibling("small");

    Result result = export(1, "--format", "huggingface", "--dtype", "bf16", "--tolerance", "1e-6");

    assertThat(result.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(result.err())
        .startsWith("bertology: the exported model differs from the given one by ")
        .endsWith(" of the largest logit, more than the tolerance 1.00e-06; nothing was written\n");
    assertThat(exports()).isEmpty();
  }

  @Test
  void whatAFormatCannotExpressIsSaidInOneSentence() {
    Result type = export(1, "--dtype", "f16");
    Result outputs = export(1, "--format", "huggingface", "--with-attentions");

    assertThat(type.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(type.err())
        .isEqualTo(
            "bertology: onnx is written in float32 alone; leave out --dtype, or choose --format huggingface\n");
    assertThat(outputs.exitCode()).isEqualTo(ExitCode.UNSUPPORTED);
    assertThat(outputs.err())
        .isEqualTo(
            "bertology: a Hugging Face directory holds weights and no graph, so it has no outputs or inputs of its own to choose; transformers gives attentions and hidden states when asked to\n");
  }

  @Test
  void aDirectoryThatIsNotEmptyIsNoPlaceForAModel() throws IOException {
    out = out.getParent();
    Files.writeString(out.resolve("thesis.txt"), "mine");

    Result result = export(1, "--format", "huggingface");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .isEqualTo(
            "bertology: output directory '%s' is not empty; choose another, or replace files in it with --force\n"
                .formatted(out));
  }
}
