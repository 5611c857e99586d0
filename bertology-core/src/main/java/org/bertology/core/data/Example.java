package org.bertology.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One text or pair of texts of a data file, with its label if the file has one.
 *
 * @param id names the example in results: the file's name and its own index column, or its line
 * @param line where it starts in the file, from 1, the header included
 * @param text the only or first text
 * @param pair the second text of a pair
 * @param label the right answer; absent in test files
 */
public record Example(
    String id, long line, String text, Optional<String> pair, Optional<Label> label) {
  public Example {
    requireNonNull(id, "id");
    requireNonNull(text, "text");
    requireNonNull(pair, "pair");
    requireNonNull(label, "label");
    if (line < 1) {
      throw new IllegalArgumentException("lines are counted from 1, got " + line);
    }
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
