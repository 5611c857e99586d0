package org.bertology.core.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bertology.core.data.Example;
import org.bertology.core.tokenize.Encoding;
import org.bertology.core.tokenize.Tokenizer;

/** Cuts texts into what a model can see at once. */
final class Passages {
  private static final int ADDED = -1;

  private final Tokenizer tokenizer;
  private final int maxLength;

  Passages(Tokenizer tokenizer, int maxLength) {
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
  }

  int maxLength() {
    return maxLength;
  }

  /** A text or pair of texts with its special tokens, cut off at the maximum length. */
  Encoding encoded(Example example) {
    return example
        .pair()
        .map(pair -> tokenizer.encodePair(example.text(), pair, maxLength))
        .orElseGet(() -> tokenizer.encode(example.text(), maxLength));
  }

  /** A text whose tokens have one before them that they follow, all but the first. */
  static Passage following(String id, Encoding encoding) {
    int[] words = IntStream.range(1, encoding.length()).toArray();
    return new Passage(id, encoding.ids(), encoding.typeIds(), words);
  }

  /** A text of which all tokens can be hidden but the special ones. */
  Passage hideable(String id, Encoding encoding) {
    int[] ids = encoding.ids();
    int[] wordIds = encoding.wordIds();
    int[] words =
        IntStream.range(0, ids.length)
            .filter(token -> wordIds[token] != ADDED && !tokenizer.isSpecial(ids[token]))
            .toArray();
    return new Passage(id, ids, encoding.typeIds(), words);
  }

  /**
   * Windows of a text that each begin some tokens after the one before, up to one that ends with
   * the text. A token has to be found in the first window that it is in, unless nothing is before
   * it there.
   *
   * @param limit the most windows
   */
  List<Passage> sliding(Example example, int stride, int limit) {
    if (stride > maxLength) {
      throw new IllegalArgumentException(
          "a stride of %d tokens would leave out tokens between windows of %d; use %d at most"
              .formatted(stride, maxLength, maxLength));
    }
    int[] all = tokenizer.encodePlain(example.text()).ids();
    List<Passage> windows = new ArrayList<>();
    int known = 0;
    for (int begin = 0; known < all.length && windows.size() < limit; begin += stride) {
      int end = (int) Math.min((long) begin + maxLength, all.length);
      int first = Math.max(1, known - begin);
      int[] words = IntStream.range(first, Math.max(first, end - begin)).toArray();
      String id = example.id() + "-" + (windows.size() + 1);
      int[] ids = Arrays.copyOfRange(all, begin, end);
      windows.add(new Passage(id, ids, new int[ids.length], words));
      known = end;
    }
    return windows;
  }

  /**
   * A text in pieces one after the other, each between the special tokens of a text.
   *
   * @param limit the most pieces
   */
  List<Passage> pieces(Example example, int limit) {
    Encoding sample = tokenizer.encode("", maxLength);
    int[] around = sample.ids();
    int before = marksBefore(around);
    int room = maxLength - around.length;
    if (room < 1) {
      throw new IllegalArgumentException(
          "a maximum length of %d tokens has no room for text beside %d special ones"
              .formatted(maxLength, around.length));
    }
    int[] all = tokenizer.encodePlain(example.text()).ids();
    List<Passage> pieces = new ArrayList<>();
    for (int begin = 0; begin < all.length && pieces.size() < limit; begin += room) {
      int[] text = Arrays.copyOfRange(all, begin, Math.min(begin + room, all.length));
      pieces.add(piece(example.id() + "-" + (pieces.size() + 1), text, around, before));
    }
    return pieces;
  }

  /** How many of the special tokens around a text stand before it. */
  private int marksBefore(int[] around) {
    int[] some = tokenizer.encode("a", maxLength).ids();
    int before = 0;
    while (before < around.length && some[before] == around[before]) {
      before++;
    }
    return before;
  }

  private Passage piece(String id, int[] text, int[] around, int before) {
    int[] ids = new int[around.length + text.length];
    System.arraycopy(around, 0, ids, 0, before);
    System.arraycopy(text, 0, ids, before, text.length);
    System.arraycopy(around, before, ids, before + text.length, around.length - before);
    int[] words =
        IntStream.range(before, before + text.length)
            .filter(token -> !tokenizer.isSpecial(ids[token]))
            .toArray();
    return new Passage(id, ids, new int[ids.length], words);
  }
}
