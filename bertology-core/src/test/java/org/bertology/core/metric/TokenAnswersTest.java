package org.bertology.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokenAnswersTest {
  /** The same counts, divided in another order. */
  private static final double ROUNDING = 1e-12;

  private static final List<String> NAMES = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");

  /** Values of seqeval 1.2.2 in its default mode and of scikit-learn 1.9. */
  static Stream<JsonObject> entities() throws IOException {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(TokenAnswersTest.class.getResourceAsStream("entities.json")),
            StandardCharsets.UTF_8)) {
      JsonArray cases = JsonParser.parseReader(reader).getAsJsonArray();
      return StreamSupport.stream(cases.spliterator(), false).map(JsonElement::getAsJsonObject);
    }
  }

  @ParameterizedTest
  @MethodSource("entities")
  void metricsEqualThoseOfPublishedPrograms(JsonObject golden) {
    TokenAnswers answers =
        TokenAnswers.of(
            golden.getAsJsonArray("names").asList().stream().map(JsonElement::getAsString).toList(),
            rows(golden, "predictions"),
            rows(golden, "labels"));

    for (Metric metric :
        List.of(
            Metric.ENTITY_F1,
            Metric.ENTITY_PRECISION,
            Metric.ENTITY_RECALL,
            Metric.ACCURACY,
            Metric.MACRO_F1)) {
      assertThat(answers.metric(metric))
          .as(metric.key())
          .isCloseTo(golden.get(metric.key()).getAsDouble(), within(ROUNDING));
    }
  }

  private static int[][] rows(JsonObject golden, String name) {
    return golden.getAsJsonArray(name).asList().stream()
        .map(
            row -> row.getAsJsonArray().asList().stream().mapToInt(JsonElement::getAsInt).toArray())
        .toArray(int[][]::new);
  }

  @Test
  void anEntityIsRightOnlyWithBothEndsAndItsType() {
    int[][] labels = {{1, 2, 0, 3, 4}};

    assertThat(f1(labels, new int[] {1, 2, 0, 3, 4})).isEqualTo(1);
    assertThat(f1(labels, new int[] {1, 0, 0, 3, 4})).isEqualTo(0.5); // one end is wrong
    assertThat(f1(labels, new int[] {3, 4, 0, 3, 4})).isEqualTo(0.5); // its type is wrong
    assertThat(f1(labels, new int[] {2, 2, 0, 4, 4})).isEqualTo(1); // IOB1 begins with I
    assertThat(f1(labels, new int[] {1, 1, 0, 3, 4})).isEqualTo(0.4); // two instead of one
  }

  private static double f1(int[][] labels, int[]... predicted) {
    return TokenAnswers.of(NAMES, predicted, labels).metric(Metric.ENTITY_F1);
  }

  @Test
  void noEntityGoesOnInTheNextExample() {
    double apart = f1(new int[][] {{0, 1}, {2, 0}}, new int[] {0, 1}, new int[] {2, 0});
    double wrong = f1(new int[][] {{0, 1}, {2, 0}}, new int[] {0, 1}, new int[] {0, 0});

    assertThat(apart).isEqualTo(1);
    assertThat(wrong).isCloseTo(2.0 / 3, within(ROUNDING));
  }

  @Test
  void lastAndSingleWordsOfBilouEndAnEntity() {
    List<String> bilou = List.of("O", "B-X", "I-X", "L-X", "U-X");
    int[][] labels = {{1, 3, 4, 4}};

    assertThat(recall(bilou, labels, 1, 3, 4, 4)).isEqualTo(1);
    assertThat(recall(bilou, labels, 1, 2, 2, 3)).isZero();
    assertThat(recall(bilou, labels, 1, 3, 2, 3)).isCloseTo(1.0 / 3, within(ROUNDING));
  }

  private static double recall(List<String> names, int[][] labels, int... predicted) {
    return TokenAnswers.of(names, new int[][] {predicted}, labels).metric(Metric.ENTITY_RECALL);
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCURACY", "MACRO_F1", "MATTHEWS", "F1", "ENTITY_F1", "ENTITY_RECALL"})
  void countingASentenceSeveralTimesIsTheSameAsCopyingIt(Metric metric) {
    SplittableRandom random = new SplittableRandom(3);
    int[][] labels = sentences(random);
    int[][] predicted =
        Arrays.stream(labels)
            .map(row -> Arrays.stream(row).map(k -> random.nextInt(3) == 0 ? 0 : k).toArray())
            .toArray(int[][]::new);
    int[] counts = random.ints(labels.length, 0, 4).toArray();
    int[] copies =
        IntStream.range(0, counts.length)
            .flatMap(i -> IntStream.generate(() -> i).limit(counts[i]))
            .toArray();

    double counted =
        TokenAnswers.of(NAMES, predicted, labels).counted(metric).applyAsDouble(counts);

    TokenAnswers copied = TokenAnswers.of(NAMES, at(predicted, copies), at(labels, copies));
    assertThat(counted).isEqualTo(copied.metric(metric)).isNotZero();
  }

  private static int[][] sentences(SplittableRandom random) {
    return IntStream.range(0, 20)
        .mapToObj(i -> random.ints(1 + i % 5, 0, NAMES.size()).toArray())
        .toArray(int[][]::new);
  }

  private static int[][] at(int[][] rows, int[] positions) {
    return Arrays.stream(positions).mapToObj(i -> rows[i]).toArray(int[][]::new);
  }

  @Test
  void joinedAnswersAreThoseOfTheOneAndThenOfTheOther() {
    TokenAnswers one = TokenAnswers.of(NAMES, new int[][] {{1, 2}, {0}}, new int[][] {{1, 2}, {3}});
    TokenAnswers other = TokenAnswers.of(NAMES, new int[][] {{0, 0, 1}}, new int[][] {{0, 0, 2}});

    TokenAnswers joined = one.followedBy(other);

    assertThat(joined.size()).isEqualTo(3);
    for (Metric metric : List.of(Metric.ACCURACY, Metric.ENTITY_F1, Metric.MACRO_F1)) {
      assertThat(joined.counted(metric).applyAsDouble(new int[] {1, 1, 0}))
          .isEqualTo(one.metric(metric));
      assertThat(joined.counted(metric).applyAsDouble(new int[] {0, 0, 1}))
          .isEqualTo(other.metric(metric));
    }
    assertThat(joined.tally()).contains(new Answers.Tally(4, 6));
    assertThat(one.sameQuestions(other)).isFalse();
    assertThat(one.sameQuestions(one)).isTrue();
  }

  @Test
  void classesThatAreNoTagsOfEntitiesHaveNoEntityMetrics() {
    assertThat(TokenAnswers.areEntityTags(List.of("O", "B-PER"))).isTrue();
    assertThat(TokenAnswers.areEntityTags(List.of("O", "B", "I"))).isTrue();
    assertThat(TokenAnswers.areEntityTags(List.of("NOUN", "VERB", "O"))).isFalse();
    assertThat(TokenAnswers.areEntityTags(List.of("B-PER", "I-PER"))).isFalse();
    assertThat(TokenAnswers.areEntityTags(List.of("O"))).isFalse();
    TokenAnswers answers =
        TokenAnswers.of(List.of("NOUN", "VERB"), new int[][] {{0}}, new int[][] {{1}});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> answers.counted(Metric.ENTITY_F1))
        .withMessage(
            "the classes do not say where entities begin and end (O, B-PER, I-PER, ...): NOUN,"
                + " VERB");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> answers.counted(Metric.PEARSON))
        .withMessage(
            "pearson compares real numbers, got class indices; use accuracy, f1 or matthews");
  }

  @Test
  void answersOfDifferentKindsAreNotMixed() {
    Answers classes = new ClassAnswers(new int[] {0}, new int[] {0});
    Answers losses = new TokenLosses(new double[] {1}, new int[] {3}, new int[] {1});

    assertThat(classes.sameQuestions(losses)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> classes.followedBy(losses))
        .withMessage("ClassAnswers cannot be joined with TokenLosses");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> losses.counted(Metric.F1))
        .withMessage("f1 compares class indices, got losses of tokens; use perplexity or accuracy");
  }

  @Test
  void perplexityWeighsExamplesByTheirTokens() {
    Answers one = new TokenLosses(new double[] {1, 3}, new int[] {30, 10}, new int[] {15, 1});
    Answers both =
        one.followedBy(new TokenLosses(new double[] {0}, new int[] {40}, new int[] {40}));

    assertThat(one.metric(Metric.PERPLEXITY)).isCloseTo(Math.exp(1.5), within(ROUNDING));
    assertThat(one.counted(Metric.PERPLEXITY).applyAsDouble(new int[] {0, 2}))
        .isCloseTo(Math.exp(3), within(ROUNDING));
    assertThat(one.metric(Metric.ACCURACY)).isEqualTo(0.4);
    assertThat(both.tally()).contains(new Answers.Tally(56, 80));
    assertThat(both.metric(Metric.PERPLEXITY)).isCloseTo(Math.exp(0.75), within(ROUNDING));
  }
}
