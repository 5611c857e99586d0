package org.bertology.core.tokenize;

import com.google.gson.JsonObject;
import java.util.stream.Stream;

/**
 * A token that is recognised as it stands in the text before anything else, as {@code [MASK]}.
 *
 * @param singleWord not within a word
 * @param leftStrip with the white space before it
 * @param rightStrip with the white space after it
 * @param normalized looked for in the normalised text
 * @param special a mark such as {@code <pad>}, rather than text
 */
record AddedToken(
    String content,
    int id,
    boolean singleWord,
    boolean leftStrip,
    boolean rightStrip,
    boolean normalized,
    boolean special) {

  /** A special token, as most are. */
  static AddedToken special(String content, int id) {
    return new AddedToken(content, id, false, false, false, false, true);
  }

  /** A mask that takes the space before it, as any word of the vocabulary would. */
  static AddedToken mask(String content, int id) {
    return new AddedToken(content, id, false, true, false, false, true);
  }

  /** A piece of text that is never cut, nor a part of other tokens. */
  static AddedToken text(String content, int id) {
    return new AddedToken(content, id, false, false, false, false, false);
  }

  /** As Hugging Face's files list it, except that its id may be elsewhere. */
  static AddedToken of(JsonObject token, int id) {
    boolean special = JsonFile.flag(token, "special", false);
    return new AddedToken(
        JsonFile.required(token, "content").getAsString(),
        id,
        JsonFile.flag(token, "single_word", false),
        JsonFile.flag(token, "lstrip", false),
        JsonFile.flag(token, "rstrip", false),
        JsonFile.flag(token, "normalized", !special),
        special);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("id", id);
    json.addProperty("content", content);
    json.addProperty("single_word", singleWord);
    json.addProperty("lstrip", leftStrip);
    json.addProperty("rstrip", rightStrip);
    json.addProperty("normalized", normalized);
    json.addProperty("special", special);
    return json;
  }

  /** Whether its letters are all there is to it. */
  boolean literal() {
    return Stream.of(singleWord, leftStrip, rightStrip, normalized).noneMatch(wish -> wish);
  }
}
