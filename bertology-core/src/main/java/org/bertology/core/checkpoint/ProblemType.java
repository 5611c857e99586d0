package org.bertology.core.checkpoint;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a classifier's logits mean, as {@code problem_type} says. */
public enum ProblemType {
  REGRESSION,
  SINGLE_LABEL_CLASSIFICATION,
  MULTI_LABEL_CLASSIFICATION,
  /** Not stated: the number of labels decides, one label being regression. */
  UNSPECIFIED;

  static Optional<ProblemType> named(String name) {
    return Arrays.stream(values())
        .filter(value -> value != UNSPECIFIED && value.key().equals(name))
        .findFirst();
  }

  static String allNames() {
    return Arrays.stream(values())
        .filter(value -> value != UNSPECIFIED)
        .map(ProblemType::key)
        .collect(Collectors.joining(", "));
  }

  private String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
