package org.bertology.core.language;

import java.util.List;
import org.bertology.core.data.Example;
import org.bertology.core.tokenize.Encoding;

/** Nothing: texts as they are, without labels. */
record NoQuest(Passages passages) implements Quest {
  @Override
  public String description(boolean plain) {
    return "none, all tokens are seen";
  }

  @Override
  public Passage passage(String id, Encoding text) {
    return passages.hideable(id, text);
  }

  @Override
  public List<Passage> windows(Example text, int limit) {
    return passages.pieces(text, limit);
  }

  @Override
  public List<Named> examples(Passage passage, int number, int index) {
    return List.of(new Named(passage.id(), passage.asIs(index)));
  }
}
