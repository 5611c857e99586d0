package org.bertology.core.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.checkpoint.SafeTensorsWriter;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.scoring.RankingAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final RankingAgreement ALIKE = new RankingAgreement(1, 1, 10, 10);

  @TempDir Path directory;

  @Test
  void theWorstIsThatOfTheEngineThatIsFarthest() {
    EngineDifferences near = engine("near", difference("layer.0", 1e-6), importance(2e-6));
    EngineDifferences far = engine("far", difference("logits", 3e-4), importance(0));

    Comparison comparison = comparison(1e-4, near, far);

    assertThat(comparison.worst()).contains(far);
    assertThat(near.worst().name()).isEqualTo("importance");
    assertThat(far.worst().name()).isEqualTo("logits");
  }

  @Test
  void theToleranceItselfIsWithin() {
    EngineDifferences engine = engine("other", difference("logits", 1e-4), importance(0));

    assertThat(comparison(1e-4, engine).isWithinTolerance()).isTrue();
    assertThat(comparison(0.9e-4, engine).isWithinTolerance()).isFalse();
    assertThat(comparison(0).isWithinTolerance()).isTrue();
  }

  @Test
  void isCompleteWhereEveryEngineRan() {
    assertThat(comparison(1e-4).isComplete()).isTrue();
    Comparison lost =
        new Comparison(
            "onnx",
            List.of(EngineOutcome.failed("djl", "djl", "is missing")),
            List.of(),
            settings(1e-4));
    assertThat(lost.isComplete()).isFalse();
  }

  @Test
  void eachKindIsShownByItsWorst() {
    EngineDifferences engine =
        new EngineDifferences(
            "other",
            List.of(
                difference("embeddings", 1e-7),
                difference("layer.3", 3e-7),
                difference("layer.4", 2e-7),
                difference("layer.0.attention.context.gradient", 1e-5)),
            importance(0),
            ALIKE);

    assertThat(engine.worstByKind().values().stream().map(Difference::name))
        .containsExactly("layer.3", "layer.0.attention.context.gradient");
  }

  @Test
  void filesAreComparedHookByHookWithoutTokenIds() {
    SafeTensors expected = file("a", new float[] {1, 2}, "loss");
    SafeTensors actual = file("b", new float[] {1, 3}, "loss");

    List<Difference> differences = EngineDifferences.between(expected, actual, List.of("layer.0"));

    assertThat(differences).containsExactly(new Difference("loss", 1, 2, Optional.empty()));
  }

  @Test
  void filesMustHoldTheSameHooks() {
    SafeTensors expected = file("a", new float[] {1, 2}, "loss");
    SafeTensors actual = file("b", new float[] {1, 2}, "logits");

    assertThatThrownBy(() -> EngineDifferences.between(expected, actual, List.of("layer.0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected the values [loss], got [logits]");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> settings(Double.NaN))
        .hasMessage("the tolerance must be a number that is not negative, got NaN");
    assertThatThrownBy(() -> new Comparison.Settings(0, 10, 0, 5, 1024, 2))
        .hasMessage("top, examples and repetitions must be at least 1, got 10, 0 and 5");
  }

  @Test
  void speedIsOfTheRunInTheMiddle() {
    Speed odd = speed(2, 1, 4);
    Speed even = speed(1, 2);

    assertThat(odd.median()).isEqualTo(50);
    assertThat(odd.least()).isEqualTo(25);
    assertThat(odd.most()).isEqualTo(100);
    assertThat(even.median()).isEqualTo(75);
    assertThatThrownBy(() -> speed()).hasMessage("expected at least one run, got none");
  }

  @Test
  void kindsAreToldFromNames() {
    assertThat(ValueKind.of("embeddings")).isEqualTo(ValueKind.HIDDEN_STATES);
    assertThat(ValueKind.of("layer.11")).isEqualTo(ValueKind.HIDDEN_STATES);
    assertThat(ValueKind.of("layer.11.attention.gate.gradient"))
        .isEqualTo(ValueKind.GATE_GRADIENTS);
    assertThat(ValueKind.of("layer.0.attention.context")).isEqualTo(ValueKind.CONTEXTS);
    assertThatThrownBy(() -> ValueKind.of("pooled"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'pooled' is not a compared value");
  }

  private SafeTensors file(String name, float[] values, String hook) {
    Path file = directory.resolve(name + ".safetensors");
    new SafeTensorsWriter()
        .add(hook, Tensor.of(values, values.length))
        .add("lengths", Tensor.of(new long[] {7}, 1))
        .write(file, Existing.REFUSE);
    return SafeTensors.open(file);
  }

  private static Speed speed(double... seconds) {
    List<Double> runs = Arrays.stream(seconds).boxed().toList();
    return new Speed(1, 0.5, 0.2, runs, 100, OptionalLong.empty());
  }

  private static Difference difference(String name, double relative) {
    return new Difference(name, relative, 1, Optional.empty());
  }

  private static Difference importance(double relative) {
    return difference(Difference.IMPORTANCE, relative);
  }

  private static EngineDifferences engine(String name, Difference value, Difference importance) {
    return new EngineDifferences(name, List.of(value), importance, ALIKE);
  }

  private static Comparison comparison(double tolerance, EngineDifferences... engines) {
    return new Comparison("onnx", List.of(), List.of(engines), settings(tolerance));
  }

  private static Comparison.Settings settings(double tolerance) {
    return new Comparison.Settings(tolerance, 10, 32, 5, 1024, 2);
  }
}
