package org.bertology.core.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The lines of <a href="https://universaldependencies.org/format.html">CoNLL-U</a>: comments begin
 * with {@code #}; words are numbered from 1 in each sentence. What is no word is passed over:
 * several words that are written as one, such as {@code 1-2 don't}, and words that are not there,
 * such as {@code 8.1}. A label {@code _} is none.
 */
record ConlluLayout() implements WordLayout {
  private static final List<String> COLUMNS =
      List.of("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc");

  private static final Pattern WORD = Pattern.compile("[1-9]\\d{0,8}");
  private static final Pattern NO_WORD = Pattern.compile("\\d+[-.]\\d+");

  @Override
  public List<String> columns() {
    return COLUMNS;
  }

  @Override
  public String usualText() {
    return "form";
  }

  @Override
  public Optional<String> usualLabel() {
    return Optional.of("upos");
  }

  @Override
  public boolean isComment(String line, boolean first) {
    return line.startsWith("#");
  }

  @Override
  public Optional<List<String>> word(DataFile file, long number, String line, int before) {
    List<String> fields = List.of(line.split("\t", -1));
    if (fields.size() != COLUMNS.size()) {
      throw file.wrongAt(
          number,
          "expected %d columns separated by tabs (%s), found %d"
              .formatted(COLUMNS.size(), DataFile.listed(COLUMNS), fields.size()));
    }
    String id = fields.get(0);
    if (NO_WORD.matcher(id).matches()) {
      return Optional.empty();
    }
    if (!WORD.matcher(id).matches()) {
      throw file.wrongAt(
          number, "expected a word's number such as 1, 1-2 or 8.1, found '%s'".formatted(id));
    }
    if (Integer.parseInt(id) != before + 1) {
      throw file.wrongAt(
          number,
          "expected word %d of the sentence, found %s; sentences end with a blank line"
              .formatted(before + 1, id));
    }
    return Optional.of(fields);
  }

  @Override
  public boolean isNoLabel(String text) {
    return text.equals("_");
  }
}
