package org.bertology.core.tokenize;

import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tokens that are recognised as they stand in the text before anything else, as {@code [MASK]}. */
final class AddedTokens {

  private final Map<String, Integer> ids;
  private final Pattern any;

  AddedTokens(Map<String, Integer> ids) {
    this.ids = Map.copyOf(ids);
    this.any =
        Pattern.compile(
            ids.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
  }

  /** Finds them from left to right, the longest where several start. */
  Matcher in(String text) {
    return any.matcher(text);
  }

  int id(String token) {
    return Objects.requireNonNull(ids.get(token), token);
  }
}
