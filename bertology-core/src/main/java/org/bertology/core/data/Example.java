package org.bertology.core.data;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One text or pair of texts of a data file, with its label if the file has one.
 *
 * @param id names the example in results: the file's name and its own index column, or its line
 * @param line where it starts in the file, from 1, the header included
 * @param text the only or first text
 * @param pair the second text of a pair
 * @param words of the text, where it was given as words; empty where not
 * @param label the right answer; absent in test files
 */
public record Example(
    String id,
    long line,
    String text,
    Optional<String> pair,
    List<String> words,
    Optional<Label> label) {
  public Example {
    requireNonNull(id, "id");
    requireNonNull(text, "text");
    requireNonNull(pair, "pair");
    words = List.copyOf(words);
    requireNonNull(label, "label");
    if (line < 1) {
      throw new IllegalArgumentException("lines are counted from 1, got " + line);
    }
  }

  /** A text, or pair of texts. */
  public Example(String id, long line, String text, Optional<String> pair, Optional<Label> label) {
    this(id, line, text, pair, List.of(), label);
  }

  /** A text that is given as words. */
  public static Example ofWords(String id, long line, List<String> words, Optional<Label> label) {
    return new Example(id, line, String.join(" ", words), Optional.empty(), words, label);
  }

  /**
   * The index of the right class among the model's classes, from zero.
   *
   * @throws IllegalStateException if the example has no label, or a score
   */
  public int classIndex() {
    if (label.isPresent() && label.get() instanceof Label.ClassIndex right) {
      return right.index();
    }
    throw new IllegalStateException("example '" + id + "' (line " + line + ") has no class label");
  }

  /**
   * The right value of a regression task.
   *
   * @throws IllegalStateException if the example has no label, or a class
   */
  public double score() {
    if (label.isPresent() && label.get() instanceof Label.Score right) {
      return right.value();
    }
    throw new IllegalStateException("example '" + id + "' (line " + line + ") has no score");
  }
}
