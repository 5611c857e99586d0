package org.bertology.core.tokenize;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ids of a vocabulary's marks.
 *
 * @param padId fills up rows
 * @param maskId hides a word
 * @param ids of all marks
 */
record SpecialTokens(int padId, OptionalInt maskId, Set<Integer> ids) {

  static final List<String> USUAL_MASKS = List.of("<mask>", "[MASK]");

  SpecialTokens {
    ids = Set.copyOf(ids);
  }

  /** The first of {@code masks} that the vocabulary has, and all of {@code special} that it has. */
  static SpecialTokens of(
      Vocabulary vocabulary, int padId, Stream<String> masks, Stream<String> special) {
    OptionalInt mask = masks.map(vocabulary::id).flatMapToInt(OptionalInt::stream).findFirst();
    Set<Integer> ids =
        special
            .map(vocabulary::id)
            .flatMapToInt(OptionalInt::stream)
            .boxed()
            .collect(Collectors.toSet());
    ids.add(padId);
    mask.ifPresent(ids::add);
    return new SpecialTokens(padId, mask, ids);
  }

  boolean contains(int id) {
    return ids.contains(id);
  }
}
