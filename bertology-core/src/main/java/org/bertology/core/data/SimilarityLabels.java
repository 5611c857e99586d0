package org.bertology.core.data;

import java.util.List;
import java.util.Optional;

/**
 * Labels that say how alike two texts are, as real numbers.
 *
 * @param scale what they are divided by, so that they lie in [−1, 1] as a cosine does
 */
public record SimilarityLabels(double scale) implements Labels {
  public SimilarityLabels {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException(
          "the scale of similarities must be a number above 0, got " + scale);
    }
  }

  @Override
  public Optional<Label> parse(String text) {
    return ScoreLabels.number(text)
        .map(score -> score.value() / scale)
        .filter(similarity -> Math.abs(similarity) <= 1)
        .map(Label.Score::new);
  }

  @Override
  public String expected() {
    return "a similarity from -%s to %s; if scores have another scale, give the largest (--score-scale)"
        .formatted(text(), text());
  }

  @Override
  public String explanation() {
    return scale == 1
        ? "labels are similarities"
        : "labels are similarities, divided by %s".formatted(text());
  }

  @Override
  public List<String> outputNames() {
    return List.of("score");
  }

  private String text() {
    return scale == Math.rint(scale) ? "%.0f".formatted(scale) : Double.toString(scale);
  }

  @Override
  public int outputs() {
    return 1;
  }
}
