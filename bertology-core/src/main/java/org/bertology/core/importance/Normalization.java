package org.bertology.core.importance;

/** A separate step after scoring. */
public enum Normalization {
  NONE("none"),
  /** Each layer divided by its Euclidean norm (Molchanov et al., 2017; Michel et al., 2019). */
  LAYER("layer"),
  /** By layer, then the whole matrix mapped to [0, 1], as Hugging Face's script does by default. */
  LAYER_GLOBAL("layer,global");

  /** Keeps a layer of zeros at zero. */
  private static final double NORM_FLOOR = 1e-20;

  private final String key;

  Normalization(String key) {
    this.key = key;
  }

  /** The name in commands and results. */
  public String key() {
    return key;
  }

  /** The normalised scores. */
  public LayerScores of(LayerScores scores) {
    return switch (this) {
      case NONE -> scores;
      case LAYER -> byLayer(scores);
      case LAYER_GLOBAL -> toUnitInterval(byLayer(scores));
    };
  }

  private static LayerScores byLayer(LayerScores scores) {
    return scores.mapLayers(
        row -> {
          double norm = 0;
          for (double score : row) {
            norm += score * score;
          }
          double divisor = Math.sqrt(norm) + NORM_FLOOR;
          double[] result = row.clone();
          for (int i = 0; i < result.length; i++) {
            result[i] /= divisor;
          }
          return result;
        });
  }

  private static LayerScores toUnitInterval(LayerScores scores) {
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores.flat()) {
      least = Math.min(least, score);
      largest = Math.max(largest, score);
    }
    double low = least;
    double range = largest - least;
    return scores.mapLayers(
        row -> {
          double[] result = row.clone();
          for (int i = 0; i < result.length; i++) {
            // Where all scores are equal none stands out; the script divides 0 by 0 here.
            result[i] = range == 0 ? 0 : (result[i] - low) / range;
          }
          return result;
        });
  }
}
