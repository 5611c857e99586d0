package org.bertology.core.language;

import java.util.List;
import org.bertology.core.data.Example;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.tokenize.Encoding;

/** What a language model has to find in texts. */
sealed interface Quest permits NextTokens, HiddenTokens, NoQuest {
  /** One line on it. */
  String description(boolean plain);

  /** A text that is cut to the model's length already. */
  Passage passage(String id, Encoding text);

  /**
   * Plain text in windows.
   *
   * @param limit the most windows
   */
  List<Passage> windows(Example text, int limit);

  /**
   * The examples that a passage makes; none if there is nothing to find in it.
   *
   * @param number of the passage, from 0
   * @param index of the first example
   */
  List<Named> examples(Passage passage, int number, int index);

  /** An example, and its name in results. */
  record Named(String id, EncodedExample example) {}
}
