package org.bertology.core.tokenize;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.bertology.core.ContentException;

/**
 * Writes the older file pair {@code vocab.json} and {@code merges.txt} as one {@code
 * tokenizer.json}: RoBERTa's if the vocabulary has {@code <s>} and {@code </s>}, else GPT-2's.
 */
final class ByteLevelBpe {

  private static final String START = "<s>";
  private static final String END = "</s>";
  private static final String MASK = "<mask>";
  private static final List<String> SPECIAL =
      List.of(START, "<pad>", END, "<unk>", MASK, "<|endoftext|>");

  private ByteLevelBpe() {}

  static TokenizerJson read(Path vocabularyFile, Path mergesFile, TokenizerConfig config) {
    JsonObject pieces = JsonFile.object(vocabularyFile);
    boolean prefixSpace = config.flag("add_prefix_space").orElse(false);
    JsonObject json = new JsonObject();
    json.addProperty("version", "1.0");
    json.add("added_tokens", addedTokens(pieces));
    json.add("pre_tokenizer", byteLevel(prefixSpace, true));
    json.add("post_processor", postProcessor(pieces, prefixSpace));
    json.add("model", model(pieces, merges(mergesFile)));
    return new TokenizerJson(vocabularyFile, json.toString(), json);
  }

  private static JsonArray addedTokens(JsonObject pieces) {
    JsonArray tokens = new JsonArray();
    SPECIAL.stream().filter(pieces::has).map(token -> added(pieces, token)).forEach(tokens::add);
    return tokens;
  }

  private static JsonObject added(JsonObject pieces, String token) {
    JsonObject added = new JsonObject();
    added.add("id", pieces.get(token));
    added.addProperty("content", token);
    added.addProperty("single_word", false);
    // RoBERTa's mask swallows the space before it, as any word of it would.
    added.addProperty("lstrip", token.equals(MASK));
    added.addProperty("rstrip", false);
    added.addProperty("normalized", false);
    added.addProperty("special", true);
    return added;
  }

  private static JsonObject byteLevel(boolean prefixSpace, boolean trimOffsets) {
    JsonObject byteLevel = new JsonObject();
    byteLevel.addProperty("type", "ByteLevel");
    byteLevel.addProperty("add_prefix_space", prefixSpace);
    byteLevel.addProperty("trim_offsets", trimOffsets);
    byteLevel.addProperty("use_regex", true);
    return byteLevel;
  }

  private static JsonObject postProcessor(JsonObject pieces, boolean prefixSpace) {
    if (!pieces.has(START) || !pieces.has(END)) {
      return byteLevel(prefixSpace, false);
    }
    JsonObject roberta = new JsonObject();
    roberta.addProperty("type", "RobertaProcessing");
    roberta.add("sep", tokenAndId(pieces, END));
    roberta.add("cls", tokenAndId(pieces, START));
    roberta.addProperty("trim_offsets", true);
    roberta.addProperty("add_prefix_space", prefixSpace);
    return roberta;
  }

  private static JsonArray tokenAndId(JsonObject pieces, String token) {
    JsonArray pair = new JsonArray();
    pair.add(token);
    pair.add(pieces.get(token));
    return pair;
  }

  private static JsonObject model(JsonObject pieces, JsonArray merges) {
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    model.addProperty("continuing_subword_prefix", "");
    model.addProperty("end_of_word_suffix", "");
    model.addProperty("fuse_unk", false);
    model.add("vocab", pieces);
    model.add("merges", merges);
    return model;
  }

  private static JsonArray merges(Path file) {
    JsonArray merges = new JsonArray();
    JsonFile.text(file)
        .lines()
        .filter(line -> !line.isEmpty() && !line.startsWith("#version"))
        .forEach(merges::add);
    if (merges.isEmpty()) {
      throw new ContentException(file + " is empty; expected one merge of two pieces a line");
    }
    return merges;
  }
}
