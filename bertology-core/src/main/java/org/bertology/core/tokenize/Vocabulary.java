package org.bertology.core.tokenize;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The tokens of a model and their ids; ids may have gaps. */
final class Vocabulary {

  private final Map<String, Integer> ids;
  private final Map<Integer, String> tokens = new HashMap<>();
  private final int size;

  Vocabulary(Map<String, Integer> ids) {
    this.ids = Map.copyOf(ids);
    this.ids.forEach((token, id) -> tokens.put(id, token));
    this.size = tokens.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
  }

  /** Ids are positions in the list; a token that is listed twice has the later one. */
  static Vocabulary ofLines(List<String> lines) {
    Map<String, Integer> ids = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      ids.put(lines.get(i), i);
    }
    return new Vocabulary(ids);
  }

  /** This vocabulary with {@code added} tokens, whose ids win. */
  Vocabulary with(Map<String, Integer> added) {
    Map<String, Integer> all = new HashMap<>(ids);
    all.putAll(added);
    return new Vocabulary(all);
  }

  Map<String, Integer> ids() {
    return ids;
  }

  /** One more than the largest id. */
  int size() {
    return size;
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  String token(int id) {
    String token = tokens.get(id);
    if (token == null) {
      throw new IllegalArgumentException(
          "no token has the id %d; the vocabulary has ids from 0 to %d".formatted(id, size - 1));
    }
    return token;
  }
}
