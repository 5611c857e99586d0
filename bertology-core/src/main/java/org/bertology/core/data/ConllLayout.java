package org.bertology.core.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The lines of CoNLL's older formats: the word in the first column, the label in the last,
 * separated by tabs or by spaces as in the first line with a word. Columns are called {@code 1},
 * {@code 2}, …. A document's line {@code -DOCSTART-} is passed over. A line that begins with {@code
 * #} before the first word of a sentence is a comment, unless it has as many columns as the others.
 *
 * @param tabs whether tabs separate columns, so that a word may have spaces in it
 * @param width how many columns there are
 */
record ConllLayout(boolean tabs, int width) implements WordLayout {
  private static final String DOCUMENT = "-DOCSTART-";
  private static final Pattern SPACES = Pattern.compile("[ \t]+");

  /** In a file without tabs it may have as many columns as a word. */
  private static final Pattern NAMED_COMMENT = Pattern.compile("# \\S+ = .*");

  /** The layout of a file by its first line with a word. */
  static ConllLayout of(String line) {
    boolean tabs = line.indexOf('\t') >= 0;
    return new ConllLayout(tabs, fields(line, tabs).size());
  }

  static boolean mayBeWord(String line) {
    return !line.startsWith("#") && !line.startsWith(DOCUMENT);
  }

  private static List<String> fields(String line, boolean tabs) {
    return List.of(tabs ? line.split("\t", -1) : SPACES.split(line.trim()));
  }

  @Override
  public List<String> columns() {
    return IntStream.rangeClosed(1, width).mapToObj(Integer::toString).toList();
  }

  @Override
  public String usualText() {
    return "1";
  }

  @Override
  public Optional<String> usualLabel() {
    return width == 1 ? Optional.empty() : Optional.of(Integer.toString(width));
  }

  @Override
  public boolean isComment(String line, boolean first) {
    return first
        && line.startsWith("#")
        && (fields(line, tabs).size() != width || (!tabs && NAMED_COMMENT.matcher(line).matches()));
  }

  @Override
  public Optional<List<String>> word(DataFile file, long number, String line, int before) {
    List<String> fields = fields(line, tabs);
    if (fields.get(0).equals(DOCUMENT)) {
      return Optional.empty();
    }
    if (fields.size() != width) {
      throw file.wrongAt(
          number,
          "expected %d columns separated by %s as in the first line with a word, found %d"
              .formatted(width, tabs ? "tabs" : "spaces", fields.size()));
    }
    return Optional.of(fields);
  }

  @Override
  public boolean isNoLabel(String text) {
    return false;
  }
}
