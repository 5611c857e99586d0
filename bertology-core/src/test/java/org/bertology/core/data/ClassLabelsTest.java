package org.bertology.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;

class ClassLabelsTest {
  @Test
  void labelsAreMatchedByNameWhereTheModelHasAnotherOrder() {
    ClassLabels labels = match(GlueTask.MNLI, "ENTAILMENT", "NEUTRAL", "CONTRADICTION");

    assertThat(labels.matching()).isEqualTo(ClassLabels.Matching.BY_NAME);
    assertThat(labels.parse("entailment")).isEqualTo(index(0));
    assertThat(labels.parse("neutral")).isEqualTo(index(1));
    assertThat(labels.parse("contradiction")).isEqualTo(index(2));
    assertThat(labels.explanation())
        .isEqualTo(
            "labels matched by name; the model's classes: 0 ENTAILMENT, 1 NEUTRAL,"
                + " 2 CONTRADICTION");
  }

  @Test
  void aNumberMeansTheTasksClassAndNotTheModels() {
    ClassLabels labels = match(GlueTask.SST2, "POSITIVE", "NEGATIVE");

    assertThat(labels.parse("0")).isEqualTo(index(1)); // SST-2 writes 0 for negative
    assertThat(labels.parse("1")).isEqualTo(index(0));
    assertThat(labels.names()).containsExactly("POSITIVE", "NEGATIVE");
    assertThat(labels.expected()).isEqualTo("one of 0 negative, 1 positive");
  }

  @Test
  void aNumberInATaskOfWordsNeedsOneOrder() {
    ClassLabels alike = match(GlueTask.MNLI, "contradiction", "entailment", "neutral");
    ClassLabels different = match(GlueTask.MNLI, "entailment", "neutral", "contradiction");

    assertThat(alike.parse("1")).isEqualTo(index(1));
    assertThat(different.parse("1")).isEmpty();
    assertThat(different.expected()).isEqualTo("one of contradiction, entailment, neutral");
  }

  @Test
  void labelsAreMatchedByIndexWhereTheModelHasNoNames() {
    ClassLabels labels = match(GlueTask.SST2, "LABEL_0", "LABEL_1");

    assertThat(labels.matching()).isEqualTo(ClassLabels.Matching.BY_INDEX);
    assertThat(labels.parse("1")).isEqualTo(index(1));
    assertThat(labels.parse("Positive")).isEqualTo(index(1));
    assertThat(labels.parse("label_1")).isEqualTo(index(1));
    assertThat(labels.names()).containsExactly("negative", "positive");
    assertThat(labels.explanation())
        .isEqualTo(
            "labels matched by index, since the model's classes have no names: taking 0 negative,"
                + " 1 positive in the order of task sst-2");
  }

  @Test
  void otherNamesAreMatchedByIndexAndNamed() {
    ClassLabels labels = match(GlueTask.SST2, "neg", "pos");

    assertThat(labels.matching()).isEqualTo(ClassLabels.Matching.BY_INDEX);
    assertThat(labels.parse("pos")).isEqualTo(index(1));
    assertThat(labels.explanation())
        .isEqualTo(
            "labels matched by index, since the model's classes have other names (neg, pos):"
                + " taking 0 negative, 1 positive in the order of task sst-2");
  }

  @Test
  void unnamedRobertaModelsOrderInferenceLabelsDifferently() {
    List<String> unnamed = List.of("LABEL_0", "LABEL_1", "LABEL_2");

    Labels bert = GlueTask.MNLI.labels("bert", unnamed);
    Labels roberta = GlueTask.MNLI.labels("roberta", unnamed);

    assertThat(bert.parse("entailment")).isEqualTo(index(1));
    assertThat(roberta.parse("entailment")).isEqualTo(index(2));
    assertThat(GlueTask.QNLI.labelNames("roberta")).isEqualTo(GlueTask.QNLI.labelNames());
  }

  @Test
  void namesThatMatchInPartAreRefused() {
    assertThatThrownBy(() -> match(GlueTask.MNLI, "entailment", "neutral", "other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "task mnli: only some of its labels (contradiction, entailment, neutral) are among the"
                + " model's (entailment, neutral, other); is this model trained for the task?");
  }

  @Test
  void theNumberOfLabelsMustAgreeWithTheModel() {
    assertThatThrownBy(() -> match(GlueTask.SST2, "LABEL_0", "LABEL_1", "LABEL_2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task sst-2: expected 2 labels, the model has 3 (LABEL_0, LABEL_1, LABEL_2)");
    assertThatThrownBy(() -> GlueTask.STSB.labels("bert", List.of("no", "yes")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 1 output for a regression task, the model has 2 (no, yes)");
  }

  @Test
  void withoutATaskTheModelsNamesAndNumbersCount() {
    ClassLabels labels = ClassLabels.of(List.of("Negative", "Positive"));

    assertThat(labels.parse("POSITIVE")).isEqualTo(index(1));
    assertThat(labels.parse("1")).isEqualTo(index(1));
    assertThat(labels.parse("1.0")).isEqualTo(index(1));
    assertThat(labels.parse("2")).isEmpty();
    assertThat(labels.parse("-1")).isEmpty();
    assertThat(labels.parse("")).isEmpty();
    assertThat(labels.explanation())
        .isEqualTo("labels are the model's class names: 0 Negative, 1 Positive");
  }

  @Test
  void withoutATaskAndNamesOnlyNumbersCount() {
    ClassLabels labels = ClassLabels.of(List.of("LABEL_0", "LABEL_1"));

    assertThat(labels.matching()).isEqualTo(ClassLabels.Matching.BY_INDEX);
    assertThat(labels.parse("0")).isEqualTo(index(0));
    assertThat(labels.parse("positive")).isEmpty();
    assertThat(labels.explanation())
        .isEqualTo("labels are the model's class numbers, 0 to 1: its classes have no names");
  }

  @Test
  void classesCalledByOtherNumbersAreNamesOnly() {
    ClassLabels stars = ClassLabels.of(List.of("1", "2", "3"));

    assertThat(stars.parse("1")).isEqualTo(index(0));
    assertThat(stars.parse("3")).isEqualTo(index(2));
    assertThat(stars.parse("0")).isEmpty();
    assertThat(stars.expected()).isEqualTo("one of 1, 2, 3");
  }

  @Test
  void twoClassesOfOneNameAreRefused() {
    assertThatThrownBy(() -> ClassLabels.of(List.of("yes", "Yes")))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "two of the model's classes are called 'Yes' (upper and lower case are the same): yes,"
                + " Yes");
  }

  private static ClassLabels match(GlueTask task, String... modelNames) {
    return (ClassLabels) task.labels("bert", List.of(modelNames));
  }

  private static Optional<Label> index(int index) {
    return Optional.of(new Label.ClassIndex(index));
  }
}
