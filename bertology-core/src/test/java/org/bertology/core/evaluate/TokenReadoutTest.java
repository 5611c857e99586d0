package org.bertology.core.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.GoldenModel;
import org.bertology.core.ablation.MaskSweep;
import org.bertology.core.data.Label;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.journal.Steps;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models with an answer, or a loss, for each token, against values of Hugging Face's library. */
class TokenReadoutTest {
  /** Both sides compute in double; logits leave the engine as float32. */
  private static final double LOSS_TOLERANCE = 1e-9;

  private static final double LOGIT_TOLERANCE = 1e-6;

  /** Sums over tokens leave the engine as float32. */
  private static final double SCORE_TOLERANCE = 1e-6;

  private static final RunSettings SETTINGS = RunSettings.defaults().withBatchTokens(20);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-token-classification",
        "bert-masked-lm",
        "electra-replaced-token-detection",
        "gpt2-causal-lm"
      })
  void lossesAndScoresEqualTheGolden(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      Importance importance =
          Importance.of(
              golden.model(), golden.data(), ImportanceOptions.defaults().withRun(SETTINGS));

      double[] losses = golden.expected("loss_per_example");
      for (int i = 0; i < losses.length; i++) {
        assertThat(importance.predictions().loss(i)).isCloseTo(losses[i], within(LOSS_TOLERANCE));
      }
      double[] perExample = golden.expected("head_mask_gradient_per_example");
      assertThat(importance.perExample().toDoubles())
          .containsExactly(perExample, within(SCORE_TOLERANCE));
    }
  }

  @Test
  void everyLabelledTokenHasAnAnswer() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-token-classification")) {
      Predictions predictions = Evaluation.of(golden.model(), golden.data(), SETTINGS);

      double[] logits = golden.expected("logits");
      int stride = golden.longest() * 5;
      int right = 0;
      int all = 0;
      for (EncodedExample example : golden.data().examples()) {
        List<Prediction> answers = predictions.of(example.index());
        assertThat(answers).hasSize(example.length());
        for (int token = 0; token < answers.size(); token++) {
          int start = example.index() * stride + token * 5;
          double[] expected = Arrays.copyOfRange(logits, start, start + 5);
          assertThat(doubles(answers.get(token).logits()))
              .containsExactly(expected, within(LOGIT_TOLERANCE));
          int best = largest(expected);
          assertThat(answers.get(token).value()).isEqualTo(best);
          right += best == ((Label.PerToken) example.label().get()).indices().get(token) ? 1 : 0;
          all++;
        }
      }
      assertThat(predictions.correct()).isEqualTo(right);
      assertThat(predictions.tally().orElseThrow().all()).isEqualTo(all).isEqualTo(18);
      assertThat(predictions.metrics(List.of(Metric.ACCURACY)))
          .isEqualTo(Map.of("accuracy", right / 18.0));
      assertThat(predictions.toTensor().shape()).containsExactly(18, 5);
    }
  }

  @Test
  void aTokenIsReplacedWhereItsLogitIsAboveZero() {
    try (GoldenModel golden = new GoldenModel(directory, "electra-replaced-token-detection")) {
      Predictions predictions = Evaluation.of(golden.model(), golden.data(), SETTINGS);

      double[] logits = golden.expected("logits");
      int right = 0;
      for (EncodedExample example : golden.data().examples()) {
        List<Prediction> answers = predictions.of(example.index());
        assertThat(answers).hasSize(example.length());
        for (int token = 0; token < answers.size(); token++) {
          double logit = logits[example.index() * golden.longest() + token];
          int replaced = logit > 0 ? 1 : 0;
          assertThat(doubles(answers.get(token).logits()))
              .containsExactly(new double[] {logit}, within(LOGIT_TOLERANCE));
          assertThat(answers.get(token).value()).isEqualTo(replaced);
          right += answers.get(token).label().getAsDouble() == replaced ? 1 : 0;
        }
      }
      assertThat(predictions.correct()).isEqualTo(right);
      assertThat(predictions.tally().orElseThrow().all()).isEqualTo(18);
      assertThat(predictions.toTensor().shape()).containsExactly(18, 1);
      assertThat(golden.model().labels()).containsExactly("original", "replaced");
    }
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static int largest(double[] values) {
    List<Double> list = Arrays.stream(values).boxed().toList();
    return list.indexOf(Collections.max(list));
  }

  @Test
  void tokensWithoutALabelAreNeitherReadNorCounted() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-token-classification")) {
      EncodedExample whole = golden.data().examples().get(0);
      List<Integer> labels =
          new ArrayList<>(Collections.nCopies(whole.length(), ModelInputs.IGNORED));
      labels.set(2, 3);
      EncodedExample one =
          new EncodedExample(
              0, whole.ids(), whole.types(), Optional.of(new Label.PerToken(labels)));

      Predictions all = Evaluation.of(golden.model(), golden.data(), SETTINGS);
      Predictions some = Evaluation.of(golden.model(), new EncodedData(List.of(one), 0), SETTINGS);

      assertThat(some.of(0)).hasSize(1);
      assertThat(some.of(0).get(0).label()).hasValue(3);
      assertThat(doubles(some.logits(0)))
          .containsExactly(doubles(all.of(0).get(2).logits()), within(LOGIT_TOLERANCE));
      assertThat(some.tally().orElseThrow().all()).isEqualTo(1);
    }
  }

  @Test
  void withWordsTheFirstTokenOfEachHasAnAnswerWithOrWithoutLabels() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-token-classification")) {
      EncodedExample whole = golden.data().examples().get(2);
      EncodedExample words =
          new EncodedExample(0, whole.ids(), whole.types(), new int[] {-1, 0, 1}, Optional.empty());

      Predictions predictions =
          Evaluation.of(golden.model(), new EncodedData(List.of(words), 0), SETTINGS);

      assertThat(predictions.of(0)).extracting(p -> p.word().getAsInt()).containsExactly(0, 1);
      assertThat(predictions.of(0)).allMatch(prediction -> prediction.label().isEmpty());
      assertThat(predictions.loss(0)).isNaN();
      assertThat(predictions.metrics(List.of(Metric.ACCURACY))).isEmpty();
      assertThat(predictions.tally()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-token-classification", "bert-masked-lm", "gpt2-causal-lm"})
  void aSweepGivesWhatSingleRunsGive(String folder) {
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      Model model = golden.model();
      ModelMask ones = ModelMask.ones(model.config());
      List<ModelMask> variants =
          ones.units(Mask.HEADS).stream().map(unit -> ones.without(List.of(unit))).toList();

      List<Predictions> swept;
      try (MaskSweep sweep = MaskSweep.open(model, ones, variants, SETTINGS)) {
        swept = sweep.run(golden.data());
      }

      for (int i = 0; i < variants.size(); i++) {
        Predictions single = Evaluation.of(model, golden.data(), variants.get(i), SETTINGS);
        assertThat(swept.get(i).meanLoss()).isCloseTo(single.meanLoss(), within(LOSS_TOLERANCE));
        assertThat(swept.get(i).toTensor().toDoubles())
            .containsExactly(single.toTensor().toDoubles(), within(LOGIT_TOLERANCE));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-token-classification", "bert-masked-lm"})
  void aSweepGoesOnWithWhatWasWrittenDown(String folder) {
    List<JsonObject> written = new ArrayList<>();
    Steps steps =
        new Steps() {
          @Override
          public List<JsonObject> earlier() {
            return List.copyOf(written);
          }

          @Override
          public synchronized void append(JsonObject step) {
            written.add(step);
          }
        };
    try (GoldenModel golden = new GoldenModel(directory, folder)) {
      ModelMask ones = ModelMask.ones(golden.model().config());
      List<ModelMask> variants = List.of(ones, ones.without(List.of(Unit.head(1, 2))));
      MaskSweep sweep = MaskSweep.open(golden.model(), ones, variants, SETTINGS);
      List<Predictions> first = sweep.run(golden.data(), steps);
      int count = written.size();
      sweep.close();

      List<Predictions> again = sweep.run(golden.data(), steps); // could run nothing any more

      assertThat(written).hasSize(count);
      assertThat(again.get(1).toTensor().toFloats()).isEqualTo(first.get(1).toTensor().toFloats());
      assertThat(again.get(1).meanLoss()).isEqualTo(first.get(1).meanLoss());
    }
  }

  @Test
  void aLanguageModelHasTheMeanOverAllTokensAsItsPerplexity() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-masked-lm")) {
      Predictions predictions = Evaluation.of(golden.model(), golden.data(), SETTINGS);

      double[] losses = golden.expected("loss_per_example");
      double sum = 0;
      long all = 0;
      for (EncodedExample example : golden.data().examples()) {
        long tokens =
            ((Label.PerToken) example.label().get())
                .indices().stream().filter(index -> index != ModelInputs.IGNORED).count();
        sum += tokens * losses[example.index()];
        all += tokens;
      }
      double perplexity = Math.exp(sum / all);
      Map<String, Double> metrics = predictions.metrics(predictions.readout().metrics());
      assertThat(metrics.get("perplexity")).isCloseTo(perplexity, within(1e-6));
      assertThat(predictions.meanLoss()).isCloseTo(sum / all, within(LOSS_TOLERANCE));
      assertThat(Measure.loss().of(Outcomes.of(predictions))).isEqualTo(predictions.meanLoss());
      assertThat(Measure.of(Metric.PERPLEXITY).isHigherBetter()).isFalse();
      assertThat(Measure.of(Metric.PERPLEXITY).of(Outcomes.of(predictions)))
          .isEqualTo(metrics.get("perplexity"));
    }
  }

  @Test
  void aLanguageModelNeedsLabels() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-masked-lm")) {
      EncodedExample first = golden.data().examples().get(0);
      EncodedExample unlabelled =
          new EncodedExample(0, first.ids(), first.types(), Optional.empty());

      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  Evaluation.of(golden.model(), new EncodedData(List.of(unlabelled), 0), SETTINGS))
          .withMessage("a model that is judged by its loss alone needs a label for every example");
    }
  }

  @Test
  void tokenGradientDividesByTokensInEveryLayer() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-token-classification")) {
      Importance importance =
          Importance.of(
              golden.model(), golden.data(), ImportanceOptions.defaults().withRun(SETTINGS));

      int layers = golden.model().config().layers().size();
      int last = layers - 1;
      double[] scores = golden.expected("token_score." + last); // [batch, heads, query]
      int heads = 4;
      double sum = 0;
      for (EncodedExample example : golden.data().examples()) {
        for (int token = 0; token < example.length(); token++) {
          sum += Math.abs(scores[(example.index() * heads) * golden.longest() + token]);
        }
      }
      assertThat(importance.scores(Criterion.TOKEN_GRADIENT).get(last, 0))
          .isCloseTo(sum / 18, within(SCORE_TOLERANCE));
    }
  }
}
