package org.bertology.core.language;

import java.util.List;
import org.bertology.core.data.Example;
import org.bertology.core.tokenize.Encoding;

/**
 * Every token that has one before it.
 *
 * @param stride tokens from the start of one window of plain text to that of the next
 */
record NextTokens(Passages passages, int stride) implements Quest {
  @Override
  public String description(boolean plain) {
    return plain
        ? "the next tokens; windows of %d tokens, %d apart".formatted(passages.maxLength(), stride)
        : "the next tokens";
  }

  @Override
  public Passage passage(String id, Encoding text) {
    return Passages.following(id, text);
  }

  @Override
  public List<Passage> windows(Example text, int limit) {
    return passages.sliding(text, stride, limit);
  }

  @Override
  public List<Named> examples(Passage passage, int number, int index) {
    return passage.words().length == 0
        ? List.of()
        : List.of(new Named(passage.id(), passage.next(index)));
  }
}
