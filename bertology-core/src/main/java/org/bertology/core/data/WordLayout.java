package org.bertology.core.data;

import java.util.List;
import java.util.Optional;

/** How the lines of a file with a word per line are to be understood. */
interface WordLayout {
  /** The names of the columns. */
  List<String> columns();

  /** The column of the words where the user names none. */
  String usualText();

  /** The column of the labels where the user names none, if the file has one. */
  Optional<String> usualLabel();

  /**
   * Whether a line is a comment.
   *
   * @param first whether no word of a sentence has been read before it
   */
  boolean isComment(String line, boolean first);

  /**
   * The fields of a line by column; empty if it holds no word.
   *
   * @param number of the line, for messages
   * @param before how many words of the sentence have been read
   * @throws org.bertology.core.ContentException if the line is wrong
   */
  Optional<List<String>> word(DataFile file, long number, String line, int before);

  /** Whether a label's text says that the word has none. */
  boolean isNoLabel(String text);
}
