package org.bertology.core.task;

import java.util.Optional;
import org.bertology.core.data.Examples;

/**
 * The columns that examples were read from.
 *
 * @param text of the text
 * @param pair of the second text, if there is one
 * @param label of the label, if there is one
 */
public record ReadColumns(String text, Optional<String> pair, Optional<String> label) {
  static ReadColumns of(Examples examples) {
    return new ReadColumns(examples.textColumn(), examples.pairColumn(), examples.labelColumn());
  }
}
