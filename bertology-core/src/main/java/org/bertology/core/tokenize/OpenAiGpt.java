package org.bertology.core.tokenize;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.bertology.core.ContentException;

/**
 * The BPE of the first GPT (Radford et al., 2018) written as one {@code tokenizer.json}: text is
 * lower-cased and cut into words as BERT does, and a piece that ends a word says so.
 */
final class OpenAiGpt {

  static final String END_OF_WORD = "</w>";
  private static final String UNKNOWN = "<unk>";

  private OpenAiGpt() {}

  static TokenizerJson json(BpeFiles files, TokenizerConfig config) {
    String unknown = config.token("unk_token").orElse(UNKNOWN);
    int unknownId =
        files
            .vocabulary()
            .id(unknown)
            .orElseThrow(
                () ->
                    new ContentException(
                        ("%s has no piece %s, which GPT needs for unknown characters; name its"
                                + " unk_token in tokenizer_config.json")
                            .formatted(files.file(), unknown)));
    Map<String, JsonObject> sections =
        Map.of(
            "normalizer", Sections.lowercasingBert(),
            "pre_tokenizer", Sections.section("BertPreTokenizer", Map.of()),
            "model",
                Sections.bpe(
                    Map.of("unk_token", unknown, "end_of_word_suffix", END_OF_WORD),
                    files.vocabulary(),
                    files.merges()));
    return TokenizerJson.of(
        files.file(),
        sections,
        config.addedTokens(List.of(AddedToken.special(unknown, unknownId))));
  }
}
