package org.bertology.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricGoldenTest {
  /** The golden values and ours differ only in the order of additions. */
  private static final double TOLERANCE = 1e-12;

  @ParameterizedTest
  @MethodSource("classification")
  void scoresOfClassIndicesEqualTheGolden(JsonObject golden) {
    int[] predictions = integers(golden.getAsJsonArray("predictions"));
    int[] labels = integers(golden.getAsJsonArray("labels"));

    assertGolden(
        new ClassAnswers(predictions, labels),
        List.of(Metric.ACCURACY, Metric.MATTHEWS, Metric.F1),
        golden);
  }

  @ParameterizedTest
  @MethodSource("regression")
  void correlationsEqualTheGolden(JsonObject golden) {
    double[] predictions = numbers(golden.getAsJsonArray("predictions"));
    double[] labels = numbers(golden.getAsJsonArray("labels"));

    assertGolden(
        new NumberAnswers(predictions, labels),
        List.of(Metric.PEARSON, Metric.SPEARMAN, Metric.KENDALL),
        golden);
  }

  static Stream<JsonObject> classification() throws IOException {
    return goldens("classification", 5);
  }

  static Stream<JsonObject> regression() throws IOException {
    return goldens("regression", 2);
  }

  private static void assertGolden(Answers answers, List<Metric> metrics, JsonObject golden) {
    List<Metric> known = metrics.stream().filter(metric -> golden.has(metric.key())).toList();
    assertThat(known).hasSizeGreaterThanOrEqualTo(2);
    for (Metric metric : known) {
      assertThat(answers.metric(metric))
          .as(metric.key())
          .isCloseTo(golden.get(metric.key()).getAsDouble(), within(TOLERANCE));
    }
  }

  private static Stream<JsonObject> goldens(String name, int count) throws IOException {
    try (Reader reader =
        new InputStreamReader(
            MetricGoldenTest.class.getResourceAsStream("metrics.json"), StandardCharsets.UTF_8)) {
      JsonArray cases = JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray(name);
      assertThat(cases).hasSize(count);
      return elements(cases).map(JsonElement::getAsJsonObject);
    }
  }

  private static Stream<JsonElement> elements(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static int[] integers(JsonArray array) {
    return elements(array).mapToInt(JsonElement::getAsInt).toArray();
  }

  private static double[] numbers(JsonArray array) {
    return elements(array).mapToDouble(JsonElement::getAsDouble).toArray();
  }
}
