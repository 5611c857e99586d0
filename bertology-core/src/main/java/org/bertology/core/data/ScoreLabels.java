package org.bertology.core.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Labels that are real numbers, for models with one output. */
public record ScoreLabels() implements Labels {
  /** Stricter than {@link Double#parseDouble}, which takes "1f", "NaN" and hexadecimal numbers. */
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  /**
   * Labels for a model with these outputs.
   *
   * @throws IllegalArgumentException if there is more than one
   */
  public static ScoreLabels of(List<String> modelNames) {
    if (modelNames.size() != 1) {
      throw new IllegalArgumentException(
          "expected 1 output for a regression task, the model has "
              + modelNames.size()
              + " ("
              + String.join(", ", modelNames)
              + ")");
    }
    return new ScoreLabels();
  }

  @Override
  public Optional<Label> parse(String text) {
    return number(text).map(score -> score);
  }

  static Optional<Label.Score> number(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      return Optional.empty();
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? Optional.of(new Label.Score(value)) : Optional.empty();
  }

  @Override
  public String expected() {
    return "a number such as 2.5";
  }

  @Override
  public String explanation() {
    return "labels are numbers";
  }

  @Override
  public List<String> outputNames() {
    return List.of("score");
  }

  @Override
  public int outputs() {
    return 1;
  }
}
