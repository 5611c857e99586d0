package org.bertology.core.tokenize;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the {@code tokenizer.json} of a BERT vocabulary, as Hugging Face's converter does. */
final class TokenizerJsonFixture {

  private static final String BERT =
      """
      {"version": "1.0", "truncation": null, "padding": {"strategy": {"Fixed": 128},
         "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0,
         "pad_token": "[PAD]"},
       "added_tokens": [],
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
         "strip_accents": null, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}},
           {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
         "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}},
           {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
           {"Sequence": {"id": "B", "type_id": 1}},
           {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
         "special_tokens": {
           "[CLS]": {"id": "[CLS]", "ids": [%d], "tokens": ["[CLS]"]},
           "[SEP]": {"id": "[SEP]", "ids": [%d], "tokens": ["[SEP]"]}}},
       "decoder": null,
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100, "vocab": {}}}
      """;

  private TokenizerJsonFixture() {}

  /** The lower-casing tokenizer of the pieces in {@code vocabulary}. */
  static JsonObject bert(Path vocabulary) {
    List<String> pieces = lines(vocabulary);
    JsonObject json =
        JsonParser.parseString(BERT.formatted(pieces.indexOf("[CLS]"), pieces.indexOf("[SEP]")))
            .getAsJsonObject();
    for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
      json.getAsJsonArray("added_tokens").add(added(token, pieces.indexOf(token)));
    }
    JsonObject vocab = json.getAsJsonObject("model").getAsJsonObject("vocab");
    for (int i = 0; i < pieces.size(); i++) {
      vocab.addProperty(pieces.get(i), i);
    }
    return json;
  }

  private static JsonObject added(String token, int id) {
    JsonObject added = new JsonObject();
    added.addProperty("id", id);
    added.addProperty("content", token);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      added.addProperty(flag, false);
    }
    added.addProperty("special", true);
    return added;
  }

  private static List<String> lines(Path file) {
    try {
      return List.of(Files.readString(file).split("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(JsonObject json, Path directory) {
    try {
      Files.writeString(directory.resolve("tokenizer.json"), json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
