package org.bertology.core.tokenize;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bertology.core.ContentException;

/**
 * The parts of a {@code tokenizer.json} that the native library trusts when it uses them: it reads
 * them however they are, and a reference to something that is not there ends the process.
 */
record TrustedParts(Path file, JsonObject json) {

  /**
   * @throws ContentException if one of them is broken
   */
  void check() {
    JsonFile.reading(file, json, TrustedParts::characterMaps)
        .forEach(base64 -> CharacterMap.ofBase64(file.toString(), base64));
    JsonFile.reading(file, json, TrustedParts::templates);
  }

  private static List<String> characterMaps(JsonObject json) {
    return parts(json, "normalizer", "normalizers")
        .filter(part -> isType(part, "Precompiled"))
        .map(part -> JsonFile.required(part, "precompiled_charsmap").getAsString())
        .toList();
  }

  private static boolean templates(JsonObject json) {
    parts(json, "post_processor", "processors")
        .filter(part -> isType(part, "TemplateProcessing"))
        .forEach(TrustedParts::requireTokens);
    return true;
  }

  private static void requireTokens(JsonObject template) {
    JsonObject tokens = JsonFile.required(template, "special_tokens").getAsJsonObject();
    Stream.of("single", "pair")
        .flatMap(texts -> JsonFile.objects(template, texts).stream())
        .flatMap(part -> JsonFile.section(part, "SpecialToken").stream())
        .map(token -> JsonFile.required(token, "id").getAsString())
        .filter(name -> !tokens.has(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new JsonParseException(
                  "the post_processor's special_tokens do not have '%s'".formatted(name));
            });
  }

  private static boolean isType(JsonObject part, String type) {
    return JsonFile.string(part, "type").orElse("").equals(type);
  }

  /** A section, or all that one of the type {@code Sequence} consists of. */
  private static Stream<JsonObject> parts(JsonObject json, String section, String members) {
    return JsonFile.section(json, section).stream().flatMap(part -> withMembers(part, members));
  }

  private static Stream<JsonObject> withMembers(JsonObject part, String members) {
    return Stream.concat(
        Stream.of(part),
        JsonFile.objects(part, members).stream().flatMap(member -> withMembers(member, members)));
  }
}
