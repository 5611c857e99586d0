package org.bertology.core.tokenize;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bertology.core.ContentException;

/**
 * What {@code tokenizer_config.json}, {@code special_tokens_map.json}, {@code added_tokens.json}
 * and {@code config.json} of a model directory say about its tokenizer; each may be missing.
 */
final class TokenizerConfig {

  private static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private final Path file;
  private final JsonObject config;
  private final Path specialTokensFile;
  private final JsonObject specialTokens;
  private final Path modelFile;
  private final JsonObject model;
  private final Map<String, AddedToken> addedTokens;

  private TokenizerConfig(Path directory) {
    this.file = directory.resolve("tokenizer_config.json");
    this.config = optional(file);
    this.specialTokensFile = directory.resolve("special_tokens_map.json");
    this.specialTokens = optional(specialTokensFile);
    this.modelFile = directory.resolve("config.json");
    this.model = optional(modelFile);
    Path addedFile = directory.resolve("added_tokens.json");
    Map<String, AddedToken> added =
        JsonFile.reading(addedFile, optional(addedFile), TokenizerConfig::idsByToken);
    added.putAll(JsonFile.reading(file, config, TokenizerConfig::tokensById));
    this.addedTokens = added;
  }

  static TokenizerConfig read(Path directory) {
    return new TokenizerConfig(directory);
  }

  private static JsonObject optional(Path file) {
    return Files.exists(file) ? JsonFile.object(file) : new JsonObject();
  }

  private static Map<String, AddedToken> idsByToken(JsonObject tokens) {
    Map<String, AddedToken> added = new LinkedHashMap<>();
    tokens
        .entrySet()
        .forEach(
            token ->
                added.put(
                    token.getKey(), AddedToken.text(token.getKey(), token.getValue().getAsInt())));
    return added;
  }

  private static Map<String, AddedToken> tokensById(JsonObject config) {
    Map<String, AddedToken> added = new LinkedHashMap<>();
    JsonFile.section(config, "added_tokens_decoder").stream()
        .flatMap(tokens -> tokens.entrySet().stream())
        .map(
            token ->
                AddedToken.of(token.getValue().getAsJsonObject(), Integer.parseInt(token.getKey())))
        .forEach(token -> added.put(token.content(), token));
    return added;
  }

  /**
   * The family whose files {@code vocabulary} belongs to: that of the named class or, where none is
   * named, of the {@code model_type}.
   *
   * @param known the families that such a file is read for
   * @param whose what messages call these
   * @throws ContentException if a class is named that is of none of them
   */
  Optional<TokenizerFamily> family(Path vocabulary, Set<TokenizerFamily> known, String whose) {
    Optional<TokenizerFamily> named =
        ofClass(vocabulary, file, string("tokenizer_class"), known, whose);
    return named
        .or(() -> ofClass(vocabulary, modelFile, modelString("tokenizer_class"), known, whose))
        .or(
            () ->
                modelString("model_type")
                    .flatMap(type -> first(known, family -> family.hasModelType(type))));
  }

  private static Optional<TokenizerFamily> ofClass(
      Path vocabulary, Path file, Optional<String> name, Set<TokenizerFamily> known, String whose) {
    return name.map(
        tokenizerClass ->
            first(known, family -> family.hasClass(tokenizerClass))
                .orElseThrow(
                    () ->
                        new ContentException(
                            ("%s stands next to a %s with tokenizer_class %s, which is not %s; add"
                                    + " the model's tokenizer.json")
                                .formatted(
                                    vocabulary, file.getFileName(), tokenizerClass, whose))));
  }

  private static Optional<TokenizerFamily> first(
      Set<TokenizerFamily> families, Predicate<TokenizerFamily> which) {
    return families.stream().filter(which).findFirst();
  }

  private Optional<String> modelString(String name) {
    return JsonFile.reading(modelFile, model, m -> JsonFile.string(m, name));
  }

  /** Tokens added to the vocabulary. */
  Collection<AddedToken> addedTokens() {
    return addedTokens.values();
  }

  /** Tokens added to the vocabulary, and those of {@code usual} that the files do not describe. */
  Collection<AddedToken> addedTokens(List<AddedToken> usual) {
    Map<String, AddedToken> all = new LinkedHashMap<>();
    usual.forEach(token -> all.put(token.content(), token));
    all.putAll(addedTokens);
    return all.values();
  }

  /** The spellings of all tokens that are said to be special. */
  Set<String> specialTokens() {
    Set<String> special = new HashSet<>();
    ROLES.forEach(role -> token(role).ifPresent(special::add));
    addedTokens().stream()
        .filter(AddedToken::special)
        .map(AddedToken::content)
        .forEach(special::add);
    special.addAll(JsonFile.reading(file, config, TokenizerConfig::additional));
    special.addAll(JsonFile.reading(specialTokensFile, specialTokens, TokenizerConfig::additional));
    return special;
  }

  private static List<String> additional(JsonObject tokens) {
    return JsonFile.member(tokens, "additional_special_tokens")
        .map(JsonElement::getAsJsonArray)
        .orElseGet(JsonArray::new)
        .asList()
        .stream()
        .map(TokenizerConfig::content)
        .toList();
  }

  /** Whether {@code name} is said, be it null. */
  boolean says(String name) {
    return config.has(name);
  }

  Optional<Boolean> flag(String name) {
    return member(name, JsonElement::getAsBoolean);
  }

  Optional<String> string(String name) {
    return member(name, JsonElement::getAsString);
  }

  Optional<Integer> number(String name) {
    return member(name, JsonElement::getAsInt);
  }

  /** The spelling of a special token; {@code role} as in {@code pad_token}. */
  Optional<String> token(String role) {
    return member(role, TokenizerConfig::content)
        .or(
            () ->
                JsonFile.reading(
                    specialTokensFile,
                    specialTokens,
                    tokens -> JsonFile.member(tokens, role).map(TokenizerConfig::content)));
  }

  private <T> Optional<T> member(String name, Function<JsonElement, T> type) {
    return JsonFile.reading(file, config, c -> JsonFile.member(c, name).map(type));
  }

  private static String content(JsonElement token) {
    return token.isJsonObject()
        ? JsonFile.required(token.getAsJsonObject(), "content").getAsString()
        : token.getAsString();
  }
}
