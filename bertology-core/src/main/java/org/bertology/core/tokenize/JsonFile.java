package org.bertology.core.tokenize;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonTextException;
import org.bertology.core.json.StrictJson;

/** Reads the text and JSON files of a model directory. */
final class JsonFile {

  private JsonFile() {}

  /** The file's text, which must be UTF-8. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ContentException(file + " is not UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  static JsonObject object(Path file) {
    return object(file, text(file));
  }

  static JsonObject object(Path file, String text) {
    return reading(file, text, t -> StrictJson.element(t).getAsJsonObject());
  }

  /** Applies {@code reader}; what Gson throws on unexpected content becomes one clear message. */
  static <T, R> R reading(Path file, T content, Function<T, R> reader) {
    try {
      return reader.apply(content);
    } catch (JsonTextException
        | JsonParseException
        | IllegalStateException
        | ClassCastException
        | IndexOutOfBoundsException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw new ContentException(
          "%s is not laid out as expected: %s; fetch the file again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** The member {@code name}, which must be there within {@link #reading}. */
  static JsonElement required(JsonObject object, String name) {
    return member(object, name)
        .orElseThrow(() -> new JsonParseException("'%s' is missing".formatted(name)));
  }

  /** The member {@code name}, absent also if it is null. */
  static Optional<JsonElement> member(JsonObject object, String name) {
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isJsonNull());
  }

  static Optional<JsonObject> section(JsonObject object, String name) {
    return member(object, name).map(JsonElement::getAsJsonObject);
  }

  /** The members of the array {@code name}, none if it is missing. */
  static List<JsonObject> objects(JsonObject object, String name) {
    return member(object, name).map(JsonElement::getAsJsonArray).stream()
        .flatMap(array -> array.asList().stream())
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  static Optional<String> string(JsonObject object, String name) {
    return member(object, name).map(JsonElement::getAsString);
  }

  static boolean flag(JsonObject object, String name, boolean otherwise) {
    return member(object, name).map(JsonElement::getAsBoolean).orElse(otherwise);
  }
}
