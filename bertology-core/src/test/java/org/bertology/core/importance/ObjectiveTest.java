package org.bertology.core.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.GoldenModel;
import org.bertology.core.data.Label;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveTest {
  /** Central differences of a step of 1e-3 in double arithmetic; masks are float32. */
  private static final double DIFFERENCE = 1e-4;

  /** Results of single runs are float64, sums of them are of another order. */
  private static final double ROUNDING = 1e-9;

  private static final float STEP = 1f / 1024;

  private static final ImportanceOptions OPTIONS =
      ImportanceOptions.defaults()
          .withObjective(Objective.ENTROPY)
          .withResamples(0)
          .withRun(RunSettings.defaults().withWorkers(2));

  @TempDir Path directory;

  /** A hook of each example, run by itself. */
  private static double[] values(
      GoldenModel golden, EncodedData data, ModelMask mask, String hook) {
    double[] values = new double[data.size()];
    try (CompiledGraph graph =
        golden.model().compile(golden.model().graph(Set.of(Mask.HEADS)), List.of(hook))) {
      for (EncodedExample example : data.examples()) {
        ModelInputs inputs =
            mask.addTo(golden.model().inputs(List.of(example)), Set.of(Mask.HEADS));
        Map<String, Tensor> tensors = new HashMap<>(inputs.tensors());
        tensors.keySet().retainAll(graph.inputs().keySet());
        values[example.index()] = graph.run(tensors).get(hook).toDoubles()[0];
      }
    }
    return values;
  }

  private static EncodedData unlabelled(GoldenModel golden) {
    List<EncodedExample> examples = new ArrayList<>();
    for (EncodedExample example : golden.data().examples()) {
      examples.add(
          new EncodedExample(example.index(), example.ids(), example.types(), Optional.empty()));
    }
    return new EncodedData(examples, 0);
  }

  private static double entropy(double[] logits, int start, int count) {
    double all = 0;
    for (int i = start; i < start + count; i++) {
      all += Math.exp(logits[i]);
    }
    double entropy = 0;
    for (int i = start; i < start + count; i++) {
      double p = Math.exp(logits[i]) / all;
      entropy -= p * Math.log(p);
    }
    return entropy;
  }

  @Test
  void theEntropyOfClassesIsThatOfTheirProbabilities() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-sequence-classification")) {
      double[] logits = golden.expected("logits");

      double[] entropies = values(golden, unlabelled(golden), ones(golden), Hooks.ENTROPY);

      for (int example = 0; example < entropies.length; example++) {
        assertThat(entropies[example]).isCloseTo(entropy(logits, 3 * example, 3), within(ROUNDING));
      }
    }
  }

  private static ModelMask ones(GoldenModel golden) {
    return ModelMask.ones(golden.model().config());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-token-classification", "bert-masked-lm", "gpt2-causal-lm"})
  void theEntropyAndAccuracyOfTokensAreMeansOverThoseWithALabel(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      double[] logits = golden.expected("logits");
      int rows = golden.longest() * golden.data().size();
      int width = logits.length / rows;

      double[] entropies = values(golden, golden.data(), ones(golden), Hooks.ENTROPY);
      double[] accuracies = values(golden, golden.data(), ones(golden), Hooks.ACCURACY);

      for (EncodedExample example : golden.data().examples()) {
        int[] tokens = example.answeredTokens();
        double sum = 0;
        double right = 0;
        for (int token : tokens) {
          int start = (example.index() * golden.longest() + token) * width;
          sum += entropy(logits, start, width);
          right += isLargest(logits, start, width, label(example, token)) ? 1 : 0;
        }
        assertThat(entropies[example.index()])
            .isCloseTo(sum / tokens.length, within(ROUNDING * width));
        assertThat(accuracies[example.index()]).isCloseTo(right / tokens.length, within(ROUNDING));
      }
    }
  }

  private static int label(EncodedExample example, int token) {
    return ((Label.PerToken) example.label().orElseThrow()).indices().get(token);
  }

  private static boolean isLargest(double[] logits, int start, int count, int label) {
    for (int i = start; i < start + count; i++) {
      if (logits[i] > logits[start + label]) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-sequence-classification",
        "bert-token-classification",
        "electra-replaced-token-detection"
      })
  void scoresAreDerivativesOfTheEntropyWithoutLabels(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      assertDerivatives(golden, unlabelled(golden));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-masked-lm", "gpt2-causal-lm", "gpt2-sequence-classification"})
  void scoresAreDerivativesOfTheEntropy(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      assertDerivatives(golden, golden.data());
    }
  }

  private static void assertDerivatives(GoldenModel golden, EncodedData data) {
    double[] scores = Importance.of(golden.model(), data, OPTIONS).perExample().toDoubles();

    int units = scores.length / data.size();
    for (Unit unit : List.of(Unit.head(0, 1), Unit.head(1, 3), Unit.head(2, 0))) {
      double[] above = values(golden, data, with(golden, unit, 1 + STEP), Hooks.ENTROPY);
      double[] below = values(golden, data, with(golden, unit, 1 - STEP), Hooks.ENTROPY);
      for (int example = 0; example < data.size(); example++) {
        double slope = (above[example] - below[example]) / (2 * STEP);
        assertThat(scores[example * units + 4 * unit.layer() + unit.index()])
            .as("%s, example %d", unit, example)
            .isCloseTo(slope, within(DIFFERENCE));
      }
    }
  }

  private static ModelMask with(GoldenModel golden, Unit unit, float factor) {
    return ones(golden).with(List.of(unit), factor);
  }

  @Test
  void metricsComeAlongWhereThereAreLabels() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-sequence-classification")) {
      Importance labelled = Importance.of(golden.model(), golden.data(), OPTIONS);
      Importance unlabelled = Importance.of(golden.model(), unlabelled(golden), OPTIONS);

      assertThat(labelled.predictions().meanLoss()).isPositive();
      assertThat(unlabelled.predictions().meanLoss()).isNaN();
      assertThat(unlabelled.predictions().logits(1)).isEqualTo(labelled.predictions().logits(1));
      assertThat(unlabelled.perExample().toDoubles()).isEqualTo(labelled.perExample().toDoubles());
    }
  }

  @Test
  void theLossNeedsLabels() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-sequence-classification")) {
      ImportanceOptions loss = OPTIONS.withObjective(Objective.LOSS);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> Importance.of(golden.model(), unlabelled(golden), loss))
          .withMessageStartingWith("importance is a derivative of the loss");
    }
  }

  @Test
  void numbersHaveNoEntropy() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-regression")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Importance.of(golden.model(), golden.data(), OPTIONS))
          .withMessage(
              "'%s' predicts numbers, which have no entropy; use the loss", directory.toString());
    }
  }
}
