package org.bertology.core.tokenize;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Byte-level BPE written as one {@code tokenizer.json}: RoBERTa's if the vocabulary has {@code <s>}
 * and {@code </s>}, else GPT-2's.
 */
final class ByteLevelBpe {

  private static final String START = "<s>";
  private static final String END = "</s>";
  private static final String MASK = "<mask>";
  private static final List<String> SPECIAL =
      List.of(START, "<pad>", END, "<unk>", MASK, "<|endoftext|>");

  private ByteLevelBpe() {}

  static TokenizerJson json(BpeFiles files, TokenizerConfig config) {
    boolean prefixSpace = config.flag("add_prefix_space").orElse(false);
    Map<String, JsonObject> sections =
        Map.of(
            "pre_tokenizer", Sections.byteLevel(prefixSpace, true),
            "post_processor", postProcessor(files, prefixSpace),
            "model", Sections.bpe(Map.of(), files.vocabulary(), files.merges()));
    return TokenizerJson.of(
        files.file(), sections, config.addedTokens(special(files.vocabulary())));
  }

  private static List<AddedToken> special(Vocabulary vocabulary) {
    return SPECIAL.stream()
        .filter(token -> vocabulary.id(token).isPresent())
        .map(token -> added(token, vocabulary.id(token).getAsInt()))
        .toList();
  }

  // RoBERTa's mask swallows the space before it, as any word of it would.
  private static AddedToken added(String token, int id) {
    return token.equals(MASK) ? AddedToken.mask(token, id) : AddedToken.special(token, id);
  }

  private static JsonObject postProcessor(BpeFiles files, boolean prefixSpace) {
    OptionalInt start = files.vocabulary().id(START);
    OptionalInt end = files.vocabulary().id(END);
    if (start.isEmpty() || end.isEmpty()) {
      return Sections.byteLevel(prefixSpace, false);
    }
    return Sections.section(
        "RobertaProcessing",
        Map.of(
            "cls",
            List.of(START, start.getAsInt()),
            "sep",
            List.of(END, end.getAsInt()),
            "trim_offsets",
            true,
            "add_prefix_space",
            prefixSpace));
  }
}
