package org.bertology.core.tokenize;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The sections of a {@code tokenizer.json}, as Hugging Face's tokenizers library reads them. */
final class Sections {

  /** Stands for the space before a word in SentencePiece vocabularies. */
  static final String SPACE = "▁";

  private static final Gson GSON = new Gson();

  private Sections() {}

  /** {@code members} under a type's name. */
  static JsonObject section(String type, Map<String, ?> members) {
    Map<String, Object> all = new HashMap<>(members);
    all.put("type", type);
    return GSON.toJsonTree(all).getAsJsonObject();
  }

  static JsonObject normalizers(List<JsonObject> normalizers) {
    return section("Sequence", Map.of("normalizers", normalizers));
  }

  /** Replaces text by the rules of a SentencePiece model. */
  static JsonObject precompiled(ByteBuffer characterMap) {
    ByteBuffer base64 = Base64.getEncoder().encode(characterMap);
    return section(
        "Precompiled",
        Map.of("precompiled_charsmap", StandardCharsets.US_ASCII.decode(base64).toString()));
  }

  static JsonObject strip(boolean left, boolean right) {
    return section("Strip", Map.of("strip_left", left, "strip_right", right));
  }

  static JsonObject replace(String text, String by) {
    return section("Replace", Map.of("pattern", Map.of("String", text), "content", by));
  }

  /** Several spaces become one. */
  static JsonObject squeezeSpaces() {
    return section("Replace", Map.of("pattern", Map.of("Regex", " {2,}"), "content", SPACE));
  }

  /** What Hugging Face's library calls BERT's normalizer, with its usual settings. */
  static JsonObject lowercasingBert() {
    return section(
        "BertNormalizer",
        Map.of("clean_text", true, "handle_chinese_chars", true, "lowercase", true));
  }

  /**
   * Writes spaces as {@link #SPACE}.
   *
   * @param scheme when one comes before the text: {@code always}, {@code first} (not after an added
   *     token) or {@code never}
   * @param split whether a word begins at each
   */
  static JsonObject metaspace(String scheme, boolean split) {
    return section(
        "Metaspace", Map.of("replacement", SPACE, "prepend_scheme", scheme, "split", split));
  }

  static JsonObject preTokenizers(JsonObject... preTokenizers) {
    return section("Sequence", Map.of("pretokenizers", List.of(preTokenizers)));
  }

  /** Makes each of {@code texts} a word, the longest where several start. */
  static JsonObject isolate(List<String> texts) {
    String any =
        texts.stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(text -> text.replaceAll("[-.\\\\+*?()|\\[\\]{}^$]", "\\\\$0"))
            .collect(Collectors.joining("|"));
    return section(
        "Split", Map.of("pattern", Map.of("Regex", any), "behavior", "Isolated", "invert", false));
  }

  static JsonObject byteLevel(boolean prefixSpace, boolean trimOffsets) {
    return section(
        "ByteLevel",
        Map.of("add_prefix_space", prefixSpace, "trim_offsets", trimOffsets, "use_regex", true));
  }

  /** A byte-pair encoding's {@code model}. */
  static JsonObject bpe(Map<String, ?> settings, Vocabulary vocabulary, List<Merge> merges) {
    JsonObject model = section("BPE", settings);
    JsonObject ids = new JsonObject();
    vocabulary.ids().forEach(ids::addProperty);
    model.add("vocab", ids);
    JsonArray pairs = new JsonArray();
    for (Merge merge : merges) {
      JsonArray pair = new JsonArray();
      pair.add(merge.left());
      pair.add(merge.right());
      pairs.add(pair);
    }
    model.add("merges", pairs);
    return model;
  }

  /**
   * Special tokens around texts, each part written as {@code token:type}; {@code $A} and {@code $B}
   * stand for the texts.
   */
  static JsonObject template(List<String> single, List<String> pair, Vocabulary vocabulary) {
    Map<String, JsonElement> tokens = new HashMap<>();
    for (String part : pair) {
      String name = name(part);
      vocabulary.id(name).ifPresent(id -> tokens.put(name, templateToken(name, id)));
    }
    return section(
        "TemplateProcessing",
        Map.of("single", parts(single), "pair", parts(pair), "special_tokens", tokens));
  }

  private static JsonElement templateToken(String name, int id) {
    return GSON.toJsonTree(Map.of("id", name, "ids", List.of(id), "tokens", List.of(name)));
  }

  private static List<Map<String, ?>> parts(List<String> parts) {
    return parts.stream().<Map<String, ?>>map(Sections::part).toList();
  }

  private static Map<String, ?> part(String part) {
    String name = name(part);
    int typeId = Integer.parseInt(part.substring(name.length() + 1));
    return name.startsWith("$")
        ? Map.of("Sequence", Map.of("id", name.substring(1), "type_id", typeId))
        : Map.of("SpecialToken", Map.of("id", name, "type_id", typeId));
  }

  private static String name(String part) {
    return part.substring(0, part.lastIndexOf(':'));
  }
}
