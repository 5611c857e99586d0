package org.bertology.core.tokenize;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}
 * of a model directory say; each may be missing.
 */
final class TokenizerConfig {

  private final Path file;
  private final JsonObject config;
  private final Path specialTokensFile;
  private final JsonObject specialTokens;
  private final Map<String, Integer> addedTokens;

  private TokenizerConfig(Path directory) {
    this.file = directory.resolve("tokenizer_config.json");
    this.config = optional(file);
    this.specialTokensFile = directory.resolve("special_tokens_map.json");
    this.specialTokens = optional(specialTokensFile);
    Path addedFile = directory.resolve("added_tokens.json");
    Map<String, Integer> added =
        JsonFile.reading(addedFile, optional(addedFile), TokenizerConfig::idsByToken);
    added.putAll(JsonFile.reading(file, config, TokenizerConfig::tokensById));
    this.addedTokens = Map.copyOf(added);
  }

  static TokenizerConfig read(Path directory) {
    return new TokenizerConfig(directory);
  }

  private static JsonObject optional(Path file) {
    return Files.exists(file) ? JsonFile.object(file) : new JsonObject();
  }

  private static Map<String, Integer> idsByToken(JsonObject tokens) {
    Map<String, Integer> added = new HashMap<>();
    tokens.entrySet().forEach(token -> added.put(token.getKey(), token.getValue().getAsInt()));
    return added;
  }

  private static Map<String, Integer> tokensById(JsonObject config) {
    Map<String, Integer> added = new HashMap<>();
    JsonFile.section(config, "added_tokens_decoder").stream()
        .flatMap(tokens -> tokens.entrySet().stream())
        .forEach(token -> added.put(content(token.getValue()), Integer.valueOf(token.getKey())));
    return added;
  }

  /** Tokens added to the vocabulary, by id. */
  Map<String, Integer> addedTokens() {
    return addedTokens;
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
