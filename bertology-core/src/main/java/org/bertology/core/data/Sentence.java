package org.bertology.core.data;

import java.util.List;
import java.util.Optional;

/**
 * A sentence of a file with a word per line.
 *
 * @param line of its first word, from 1
 * @param id by its comment {@code # sent_id = …}, if it has one
 */
record Sentence(long line, Optional<String> id, List<Word> words) {
  Sentence {
    words = List.copyOf(words);
  }

  /**
   * One word.
   *
   * @param line it stands on, from 1
   * @param fields by column
   */
  record Word(long line, List<String> fields) {
    Word {
      fields = List.copyOf(fields);
    }
  }
}
