package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bertology.api.tensor.Weights;
import org.bertology.core.ContentException;
import org.bertology.core.family.ParameterNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the parameters that a model needs with those that a checkpoint has. */
final class CheckpointCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointCheck.class);
  private static final int LISTED = 10;

  private final Path source;
  private final ParameterNames spellings;
  private final Weights weights;

  CheckpointCheck(Path source, ParameterNames spellings, Weights weights) {
    this.source = source;
    this.spellings = spellings;
    this.weights = weights;
  }

  /**
   * Checks that every required parameter is there in its shape, and warns once of tensors that
   * nobody asked for, naming up to ten.
   *
   * @param idle names of parameters that nothing asks for although they belong to the model
   * @throws ContentException if parameters are missing or misshapen; it lists them all, up to ten
   */
  void verify(Map<String, long[]> required, Set<String> idle) {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    required.forEach(
        (name, shape) -> {
          String expected = Arrays.toString(shape);
          if (!weights.names().contains(name)) {
            missing.add("missing: %s %s".formatted(name, expected));
          } else if (!Arrays.equals(weights.shape(name), shape)) {
            misshapen.add(
                "wrong shape: %s, expected %s, got %s"
                    .formatted(name, expected, Arrays.toString(weights.shape(name))));
          }
        });
    if (!missing.isEmpty() || !misshapen.isEmpty()) {
      throw new ContentException(message(missing, misshapen));
    }
    warnOfSuperfluous(name -> required.containsKey(name) || idle.contains(name));
  }

  private String message(List<String> missing, List<String> misshapen) {
    List<String> faults = new ArrayList<>(missing);
    faults.addAll(misshapen);
    StringBuilder message =
        new StringBuilder(
            "'%s' does not hold the parameters of this model: %d missing, %d of the wrong shape"
                .formatted(source, missing.size(), misshapen.size()));
    faults.stream().limit(LISTED).forEach(fault -> message.append("\n  ").append(fault));
    if (faults.size() > LISTED) {
      message.append("\n  and %d more".formatted(faults.size() - LISTED));
    }
    return message.toString();
  }

  private void warnOfSuperfluous(Predicate<String> known) {
    List<String> superfluous =
        weights.names().stream()
            .filter(name -> !known.test(name) && !isTied(name) && !isEmpty(name))
            .toList();
    if (!superfluous.isEmpty()) {
      LOGGER.warn(
          "'{}' holds tensors that this model does not use ({}): {}",
          source,
          superfluous.size(),
          superfluous.stream().limit(LISTED).collect(Collectors.joining(", "))
              + (superfluous.size() > LISTED ? ", …" : ""));
    }
  }

  /** A model without heads in a layer may be saved with the projections to none. */
  private boolean isEmpty(String name) {
    return Arrays.stream(weights.shape(name)).anyMatch(extent -> extent == 0);
  }

  private boolean isTied(String name) {
    String original = spellings.twins().get(name);
    return original != null
        && weights.names().contains(original)
        && Arrays.equals(weights.shape(name), weights.shape(original));
  }
}
