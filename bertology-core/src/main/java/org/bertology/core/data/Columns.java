package org.bertology.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Which columns of a TSV, CSV or JSON Lines file hold the text, the second text and the label.
 *
 * <p>Without names the usual ones are looked for: {@code sentence1} and {@code sentence2}, {@code
 * premise} and {@code hypothesis}, {@code question} and {@code sentence}, {@code sentence}, {@code
 * text} and so on, and {@code label}. Columns of a file without a header are called {@code 1},
 * {@code 2}, …. Where labels are target texts, the usual names are {@code source} and {@code
 * target}, {@code text} and {@code summary} and so on.
 *
 * @param text the column of the text; the usual ones if absent
 * @param pair the column of the second text; if absent, the usual partner of a usual text column
 * @param label the column of the label or target text; the usual ones if absent
 * @param header whether the first line names the columns; JSON Lines name them in every line
 */
public record Columns(
    Optional<String> text, Optional<String> pair, Optional<String> label, boolean header) {
  public Columns {
    requireNonNull(text, "text");
    requireNonNull(pair, "pair");
    requireNonNull(label, "label");
  }

  /** The usual columns of a file with a header. */
  public static Columns usual() {
    return new Columns(Optional.empty(), Optional.empty(), Optional.empty(), true);
  }

  public Columns withText(String column) {
    return new Columns(Optional.of(column), pair, label, header);
  }

  public Columns withPair(String column) {
    return new Columns(text, Optional.of(column), label, header);
  }

  public Columns withLabel(String column) {
    return new Columns(text, pair, Optional.of(column), header);
  }

  /**
   * The same of a file whose first line is data; its columns are called {@code 1}, {@code 2}, ….
   */
  public Columns withoutHeader() {
    return new Columns(text, pair, label, false);
  }
}
