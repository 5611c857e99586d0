package org.bertology.core.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.contract.RememberingBackend;
import org.bertology.api.model.Mask;
import org.bertology.api.model.PlainModel.Part;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prove.Proof;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelExportTest {
  /** Both sides are the same interpreter; the tolerance leaves room for another order of sums. */
  private static final double ROUNDING = 1e-12;

  @TempDir Path models;
  @TempDir Path directory;

  private Path target;
  private Optional<ModelMask> mask = Optional.empty();

  @BeforeEach
  void nameTarget() {
    target = directory.resolve("model.onnx");
    try (GoldenModel golden = new GoldenModel(models, "bert-sequence-classification")) {
      assertThat(golden.model().config().layers()).hasSize(3);
    }
  }

  private static Tensor halved(Tensor tensor) {
    double[] values = tensor.toDoubles();
    values[values.length - 1] /= 2;
    return Tensor.of(values, tensor.shape());
  }

  private ExportReport save(
      ExportFormat format, UnaryOperator<Tensor> change, Existing existing, Part... parts) {
    try (RememberingBackend backend = backend(format, change);
        Model model = Model.openWithoutTokenizer(models, backend)) {
      Set<Part> all = EnumSet.noneOf(Part.class);
      all.addAll(List.of(parts));
      List<EncodedExample> examples = CheckExamples.of(model.config());
      return ModelExport.of(model, mask, format, all)
          .save(examples, RunSettings.defaults(), ROUNDING, target, existing);
    }
  }

  private static RememberingBackend backend(ExportFormat format, UnaryOperator<Tensor> change) {
    return new RememberingBackend(
        format.engine().backend(), format.key(), format.isDirectory(), change);
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileThatGivesTheSameIsKeptWithWhatIsBesideIt() throws IOException {
    ExportReport report =
        save(
            ExportFormat.ONNX,
            UnaryOperator.identity(),
            Existing.REFUSE,
            Part.ATTENTIONS,
            Part.HIDDEN_STATES,
            Part.HEAD_MASK);

    assertThat(report.holds()).isTrue();
    assertThat(report.files())
        .extracting(ExportedFile::name)
        .containsExactly("model.onnx", "model.onnx.data");
    assertThat(entries()).containsExactly("model.onnx", "model.onnx.data");
    assertThat(target)
        .hasContent("BERT, sequence classification; labels: LABEL_0, LABEL_1, LABEL_2");
    assertThat(report.inputs())
        .containsExactly("input_ids", "attention_mask", "token_type_ids", "head_mask");
    assertThat(report.outputs())
        .extracting(OutputDifference::output)
        .startsWith("logits", "hidden_states.0")
        .endsWith("attentions.2")
        .hasSize(1 + 4 + 3);
  }

  @Test
  void aFileThatGivesAnythingElseIsNotKept() throws IOException {
    ExportReport report =
        save(ExportFormat.ONNX, ModelExportTest::halved, Existing.REFUSE, Part.ATTENTIONS);

    assertThat(report.holds()).isFalse();
    assertThat(report.files()).isEmpty();
    assertThat(report.worst().orElseThrow().relative()).isGreaterThan(ROUNDING);
    assertThat(entries()).isEmpty();
  }

  @Test
  void aFileWhoseNumbersAreNoneIsNotKept() throws IOException {
    ExportReport report =
        save(
            ExportFormat.ONNX, tensor -> Tensor.filled(Float.NaN, tensor.shape()), Existing.REFUSE);

    assertThat(report.worst().orElseThrow().relative()).isInfinite();
    assertThat(entries()).isEmpty();
  }

  @Test
  void whatIsThereIsKeptUnlessReplacingIsAllowed() throws IOException {
    Files.writeString(target, "mine");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> save(ExportFormat.ONNX, UnaryOperator.identity(), Existing.REFUSE))
        .withMessage(
            "'%s' exists; choose another name, or allow replacing it with --force", target);

    assertThat(target).hasContent("mine");
    save(ExportFormat.ONNX, UnaryOperator.identity(), Existing.REPLACE);
    assertThat(target).content().startsWith("BERT");
  }

  @Test
  void aFailedCheckLeavesWhatWasToBeReplaced() throws IOException {
    Files.writeString(target, "mine");

    save(ExportFormat.ONNX, ModelExportTest::halved, Existing.REPLACE);

    assertThat(target).hasContent("mine");
    assertThat(entries()).containsExactly("model.onnx");
  }

  @Test
  void aSavedModelReplacesAnotherOne() throws IOException {
    target = directory.resolve("saved");
    save(ExportFormat.SAVEDMODEL, UnaryOperator.identity(), Existing.REFUSE);
    Files.createDirectory(target.resolve("variables"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> save(ExportFormat.SAVEDMODEL, UnaryOperator.identity(), Existing.REFUSE))
        .withMessageStartingWith("'%s' exists", target);
    ExportReport report = save(ExportFormat.SAVEDMODEL, UnaryOperator.identity(), Existing.REPLACE);

    assertThat(report.files())
        .extracting(ExportedFile::name)
        .containsExactly("saved/saved_model.pb");
    assertThat(target.resolve("variables")).doesNotExist();
    assertThat(entries()).containsExactly("saved");
  }

  @Test
  void aDirectoryOfOtherThingsIsNeverReplaced() throws IOException {
    target = directory.resolve("home");
    Files.createDirectory(target);
    Files.writeString(target.resolve("saved_model.pb"), "mine");
    Files.writeString(target.resolve("thesis.txt"), "mine");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> save(ExportFormat.SAVEDMODEL, UnaryOperator.identity(), Existing.REPLACE))
        .withMessage(
            "directory '%s' holds other things than a SavedModel and is not replaced; choose another name",
            target);
    assertThat(target.resolve("thesis.txt")).hasContent("mine");
  }

  @Test
  void anEmptyDirectoryIsTaken() throws IOException {
    target = Files.createDirectory(directory.resolve("empty"));

    save(ExportFormat.SAVEDMODEL, UnaryOperator.identity(), Existing.REFUSE);

    assertThat(target.resolve("saved_model.pb")).exists();
  }

  @Test
  void aFileIsNoPlaceForADirectory() throws IOException {
    Files.writeString(target, "mine");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> save(ExportFormat.SAVEDMODEL, UnaryOperator.identity(), Existing.REPLACE))
        .withMessage(
            "'%s' is a file, and this format makes a directory; choose another name", target);
  }

  @Test
  void theDirectoryMustBeThereAndWritable() throws IOException {
    target = directory.resolve("no").resolve("model.onnx");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> save(ExportFormat.ONNX, UnaryOperator.identity(), Existing.REFUSE))
        .withMessage(
            "'%s' cannot be written: directory '%s' does not exist; create it first",
            target, target.getParent());

    Files.createDirectory(target.getParent()).toFile().setWritable(false);
    assumeFalse(
        Files.isWritable(target.getParent()), "the user of this process may write anywhere");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> save(ExportFormat.ONNX, UnaryOperator.identity(), Existing.REFUSE))
        .withMessage(
            "'%s' cannot be written: directory '%s' is not writable; choose another",
            target, target.getParent());
  }

  private void maskUnits() {
    try (RememberingBackend backend = backend(ExportFormat.ONNX, UnaryOperator.identity());
        Model model = Model.openWithoutTokenizer(models, backend)) {
      ModelMask ones = ModelMask.ones(model.config());
      mask =
          Optional.of(
              ones.without(ones.units(Mask.HEADS).subList(0, 5))
                  .without(List.of(Unit.neuron(1, 7), Unit.layer(2))));
    }
  }

  @Test
  void whatIsMaskedIsCutOutAndProven() {
    maskUnits();

    ExportReport report =
        save(ExportFormat.ONNX, UnaryOperator.identity(), Existing.REFUSE, Part.ATTENTIONS);

    assertThat(report.holds()).isTrue();
    assertThat(report.proof().orElseThrow().relative()).isLessThan(ROUNDING);
    assertThat(report.outputs())
        .extracting(OutputDifference::output)
        .containsExactly("logits", "attentions.1");
  }

  private ExportReport saveDirectory(Optional<StoredType> type, double tolerance, Part... parts) {
    target = directory.resolve("saved");
    try (RememberingBackend backend = backend(ExportFormat.ONNX, UnaryOperator.identity());
        Model model = Model.openWithoutTokenizer(models, backend)) {
      return HuggingFaceExport.of(model, mask, type, Set.of(parts))
          .save(
              CheckExamples.of(model.config()),
              RunSettings.defaults(),
              tolerance,
              target,
              Existing.REFUSE);
    }
  }

  @Test
  void aHuggingFaceDirectoryIsAModelAgain() {
    maskUnits();

    ExportReport report = saveDirectory(Optional.empty(), ROUNDING);

    assertThat(report.holds()).isTrue();
    assertThat(report.outputs()).isEmpty();
    assertThat(report.files())
        .extracting(ExportedFile::name)
        .containsExactly("saved/model.safetensors", "saved/config.json");
    assertThat(report.bytes()).isPositive();
    try (RememberingBackend backend = backend(ExportFormat.ONNX, UnaryOperator.identity());
        Model saved = Model.openWithoutTokenizer(target, backend)) {
      assertThat(saved.config()).isEqualTo(mask.orElseThrow().cut());
    }
  }

  @Test
  void whatANarrowerTypeCostsIsPartOfTheProof() throws IOException {
    ExportReport report = saveDirectory(Optional.of(StoredType.BF16), ROUNDING);

    assertThat(report.holds()).isFalse();
    assertThat(report.proof().orElseThrow().relative()).isBetween(1e-4, 1e-1);
    assertThat(entries()).isEmpty();
    assertThat(saveDirectory(Optional.of(StoredType.BF16), 1e-1).holds()).isTrue();
  }

  @Test
  void aHuggingFaceDirectoryHasNoOutputsOfItsOwn() {
    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> saveDirectory(Optional.empty(), Proof.USUAL_TOLERANCE, Part.HEAD_MASK))
        .withMessageStartingWith("a Hugging Face directory holds weights and no graph");
  }

  @Test
  void anEngineWithoutTheFormatSaysWhichHasIt() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-regression")) {
      Model model = golden.model();

      assertThatExceptionOfType(UnsupportedCapabilityException.class)
          .isThrownBy(
              () -> ModelExport.of(model, Optional.empty(), ExportFormat.TORCHSCRIPT, Set.of()))
          .withMessage("reference does not write torchscript; open the model on djl");
    }
  }

  @Test
  void checkExamplesDifferInLengthAndFillTheModel() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-regression")) {
      Model model = golden.model();

      List<EncodedExample> examples = CheckExamples.of(model.config());

      assertThat(examples).extracting(EncodedExample::length).containsExactly(40, 33, 17, 8, 3, 1);
      assertThat(model.inputs(examples).length()).isEqualTo(40);
      assertThat(examples.get(0).types()).startsWith(0).endsWith(1);
    }
  }
}
