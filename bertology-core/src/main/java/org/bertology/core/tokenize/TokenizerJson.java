package org.bertology.core.tokenize;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bertology.core.ContentException;

/**
 * A tokenizer in the layout of Hugging Face's {@code tokenizer.json}.
 *
 * @param source the file it is from, for messages
 * @param text the JSON text itself
 */
record TokenizerJson(Path source, String text, JsonObject json) {

  static TokenizerJson read(Path file) {
    String text = JsonFile.text(file);
    JsonObject json = JsonFile.object(file, text);
    new TrustedParts(file, json).check();
    return new TokenizerJson(file, text, json);
  }

  /**
   * A tokenizer put together from parts.
   *
   * @param sections {@code normalizer}, {@code pre_tokenizer}, {@code post_processor} and {@code
   *     model}; all but the last may be missing
   * @throws ContentException if the id of an added token that is not in the model is not the next
   *     one, as the library counts them
   */
  static TokenizerJson of(
      Path source, Map<String, JsonObject> sections, Collection<AddedToken> addedTokens) {
    JsonObject json = new JsonObject();
    json.addProperty("version", "1.0");
    JsonArray added = new JsonArray();
    addedTokens.stream()
        .sorted(Comparator.comparingInt(AddedToken::id))
        .map(AddedToken::toJson)
        .forEach(added::add);
    json.add("added_tokens", added);
    sections.forEach(json::add);
    TokenizerJson tokenizer = new TokenizerJson(source, json.toString(), json);
    tokenizer.requireConsecutiveIds(tokenizer.pieces());
    return tokenizer;
  }

  private void requireConsecutiveIds(Map<String, Integer> pieces) {
    int next = pieces.size();
    for (AddedToken token : addedTokenList()) {
      int expected = pieces.getOrDefault(token.content(), next);
      if (token.id() != expected) {
        throw new ContentException(
            ("the token %s is added to %s with the id %d, where it can only have %d; add the"
                    + " model's tokenizer.json")
                .formatted(token.content(), source, token.id(), expected));
      }
      next = Math.max(next, token.id() + 1);
    }
  }

  /** The tokens of the model, without added ones, and their ids. */
  private Map<String, Integer> pieces() {
    return JsonFile.reading(source, json, j -> modelPieces());
  }

  /** All tokens and their ids. */
  Vocabulary vocabulary() {
    return JsonFile.reading(
        source, json, j -> new Vocabulary(modelPieces()).with(ids(addedTokenList())));
  }

  /** The spellings of the special tokens. */
  Set<String> special() {
    return JsonFile.reading(source, json, j -> special(addedTokenList()));
  }

  private static Set<String> special(List<AddedToken> tokens) {
    return tokens.stream()
        .filter(AddedToken::special)
        .map(AddedToken::content)
        .collect(Collectors.toSet());
  }

  /** The token that fills up rows, if the file names one. */
  Optional<String> pad() {
    return JsonFile.reading(
        source,
        json,
        j ->
            JsonFile.section(j, "padding")
                .flatMap(padding -> JsonFile.string(padding, "pad_token")));
  }

  /**
   * The settings of a BERT tokenizer, or nothing if any part of the file asks for something that
   * the plain Java tokenizer does not do.
   */
  Optional<WordPieceSettings> wordPiece(TokenizerConfig config) {
    return JsonFile.reading(
        source, json, j -> plain() ? frame().map(f -> settings(f, config)) : none());
  }

  private static Optional<WordPieceSettings> none() {
    return Optional.empty();
  }

  private boolean plain() {
    return isType("model", "WordPiece")
        && isType("normalizer", "BertNormalizer")
        && isType("pre_tokenizer", "BertPreTokenizer")
        && addedTokenList().stream().allMatch(AddedToken::literal);
  }

  private boolean isType(String section, String type) {
    return JsonFile.section(json, section)
        .flatMap(s -> JsonFile.string(s, "type"))
        .filter(type::equals)
        .isPresent();
  }

  private List<AddedToken> addedTokenList() {
    return JsonFile.objects(json, "added_tokens").stream()
        .map(token -> AddedToken.of(token, JsonFile.required(token, "id").getAsInt()))
        .toList();
  }

  private static Map<String, Integer> ids(List<AddedToken> tokens) {
    Map<String, Integer> ids = new HashMap<>();
    tokens.forEach(token -> ids.put(token.content(), token.id()));
    return ids;
  }

  private Map<String, Integer> modelPieces() {
    Map<String, Integer> pieces = new HashMap<>();
    JsonElement vocabulary = JsonFile.required(model(), "vocab");
    if (vocabulary.isJsonArray()) {
      // Unigram: [[piece, log probability], ...]
      JsonArray rows = vocabulary.getAsJsonArray();
      for (int i = 0; i < rows.size(); i++) {
        pieces.put(rows.get(i).getAsJsonArray().get(0).getAsString(), i);
      }
    } else {
      vocabulary
          .getAsJsonObject()
          .entrySet()
          .forEach(piece -> pieces.put(piece.getKey(), piece.getValue().getAsInt()));
    }
    return pieces;
  }

  private JsonObject model() {
    return JsonFile.required(json, "model").getAsJsonObject();
  }

  private WordPieceSettings settings(Frame frame, TokenizerConfig config) {
    JsonObject model = model();
    return new WordPieceSettings(
        source.toString(),
        modelPieces(),
        ids(addedTokenList()),
        allSpecial(config),
        normalizer(config),
        JsonFile.string(model, "continuing_subword_prefix").orElse("##"),
        JsonFile.member(model, "max_input_chars_per_word").map(JsonElement::getAsInt).orElse(100),
        JsonFile.string(model, "unk_token").orElse("[UNK]"),
        frame.start(),
        frame.separator(),
        config.token("pad_token").or(this::pad).orElse("[PAD]"),
        config.token("mask_token").orElse("[MASK]"));
  }

  private Set<String> allSpecial(TokenizerConfig config) {
    Set<String> special = new HashSet<>(config.specialTokens());
    special.addAll(special());
    return special;
  }

  /** As in Hugging Face's BERT classes, {@code tokenizer_config.json} has the last word. */
  private TextNormalizer normalizer(TokenizerConfig config) {
    JsonObject own = json.getAsJsonObject("normalizer");
    boolean lowercase =
        config.flag("do_lower_case").orElseGet(() -> JsonFile.flag(own, "lowercase", true));
    Optional<Boolean> stripAccents =
        config.says("strip_accents")
            ? config.flag("strip_accents")
            : JsonFile.member(own, "strip_accents").map(JsonElement::getAsBoolean);
    boolean chinese =
        config
            .flag("tokenize_chinese_chars")
            .orElseGet(() -> JsonFile.flag(own, "handle_chinese_chars", true));
    return new TextNormalizer(
        JsonFile.flag(own, "clean_text", true), chinese, stripAccents.orElse(lowercase), lowercase);
  }

  /** The special tokens around the text, if they are arranged as BERT's are. */
  private Optional<Frame> frame() {
    JsonObject processor = JsonFile.section(json, "post_processor").orElseGet(JsonObject::new);
    return switch (JsonFile.string(processor, "type").orElse("")) {
      case "BertProcessing" ->
          Optional.of(new Frame(firstOf(processor, "cls"), firstOf(processor, "sep")));
      case "TemplateProcessing" -> Frame.ofTemplate(processor);
      default -> Optional.empty();
    };
  }

  private static String firstOf(JsonObject processor, String name) {
    return JsonFile.required(processor, name).getAsJsonArray().get(0).getAsString();
  }

  /** The token before the text and the one after each text. */
  private record Frame(String start, String separator) {

    static Optional<Frame> ofTemplate(JsonObject processor) {
      List<String> single = template(processor, "single");
      List<String> pair = template(processor, "pair");
      if (single.size() != 3 || pair.size() != 5) {
        return Optional.empty();
      }
      String start = single.get(0);
      String end = single.get(2);
      boolean bert =
          single.equals(List.of(start, "A:0", end))
              && pair.equals(List.of(start, "A:0", end, "B:1", end.replaceAll("0$", "1")));
      return bert ? Optional.of(new Frame(token(start), token(end))) : Optional.empty();
    }

    /** Each part as {@code name:type}. */
    private static List<String> template(JsonObject processor, String name) {
      return JsonFile.required(processor, name).getAsJsonArray().asList().stream()
          .map(part -> part.getAsJsonObject().entrySet().iterator().next().getValue())
          .map(JsonElement::getAsJsonObject)
          .map(Frame::part)
          .toList();
    }

    private static String part(JsonObject part) {
      String id = JsonFile.required(part, "id").getAsString();
      return id + ":" + JsonFile.required(part, "type_id").getAsInt();
    }

    private static String token(String part) {
      return part.substring(0, part.lastIndexOf(':'));
    }
  }
}
