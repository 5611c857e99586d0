package org.bertology.core.tokenize;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code vocab.txt}, one WordPiece token a line, the line's number from 0 being its id. */
final class VocabularyFile {

  private static final String MASK = "[MASK]";

  private VocabularyFile() {}

  static WordPieceSettings read(Path file, TokenizerConfig config) {
    config.family(file, Set.of(TokenizerFamily.BERT), "BERT's");
    Map<String, Integer> pieces = Vocabulary.ofLines(lines(JsonFile.text(file))).ids();
    return settings(file, pieces, config);
  }

  private static List<String> lines(String text) {
    // Not String.lines(), which would also end a line at a lone carriage return.
    return text.isEmpty() ? List.of() : List.of(text.split("\r?\n"));
  }

  private static WordPieceSettings settings(
      Path file, Map<String, Integer> pieces, TokenizerConfig config) {
    boolean lowercase =
        config.flag("do_lower_case").orElseGet(() -> !WordPieceSettings.cased(pieces.keySet()));
    TextNormalizer normalizer =
        new TextNormalizer(
            true,
            config.flag("tokenize_chinese_chars").orElse(true),
            config.flag("strip_accents").orElse(lowercase),
            lowercase);
    return new WordPieceSettings(
        file.toString(),
        pieces,
        addedTokens(pieces, config),
        config.specialTokens(),
        normalizer,
        "##",
        100,
        config.token("unk_token").orElse("[UNK]"),
        config.token("cls_token").orElse("[CLS]"),
        config.token("sep_token").orElse("[SEP]"),
        config.token("pad_token").orElse("[PAD]"),
        config.token("mask_token").orElse(MASK));
  }

  private static Map<String, Integer> addedTokens(
      Map<String, Integer> pieces, TokenizerConfig config) {
    Map<String, Integer> added = new HashMap<>();
    config.addedTokens().forEach(token -> added.put(token.content(), token.id()));
    String mask = config.token("mask_token").orElse(MASK);
    if (pieces.containsKey(mask)) {
      added.putIfAbsent(mask, pieces.get(mask));
    }
    return added;
  }
}
