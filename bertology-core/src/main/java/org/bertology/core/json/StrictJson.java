package org.bertology.core.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.ContentException;

/**
 * JSON text read into a tree, to the letter of RFC 8259; a repeated key, which Gson's own tree
 * reader overwrites in silence, is an error.
 */
public final class StrictJson {
  private final JsonReader reader;

  private StrictJson(String text) {
    this.reader = new JsonReader(new StringReader(text));
    this.reader.setStrictness(Strictness.STRICT);
  }

  /**
   * The value that is the whole of a text; numbers keep their digits.
   *
   * @throws JsonTextException if the text is not JSON or repeats a key
   */
  public static JsonElement element(String text) {
    try {
      return new StrictJson(text).document();
    } catch (IOException | IllegalStateException e) {
      throw new JsonTextException("is not JSON: " + firstLine(e), e);
    }
  }

  /**
   * The object that is the whole of a UTF-8 text.
   *
   * @param source what messages call the text, such as a quoted file name
   * @throws ContentException if the text is not UTF-8, not JSON, no object, or repeats a key
   */
  public static JsonFields object(String source, ByteBuffer utf8) {
    JsonElement element;
    try {
      element = element(decode(source, utf8));
    } catch (JsonTextException e) {
      throw new ContentException("%s %s".formatted(source, e.getMessage()), e);
    }
    if (!element.isJsonObject()) {
      throw new ContentException(
          "%s must be a JSON object, got %s".formatted(source, JsonFields.describe(element)));
    }
    return new JsonFields(source, element.getAsJsonObject());
  }

  /**
   * The object that is the whole of a UTF-8 file.
   *
   * @throws ContentException as {@link #object} does, or if there is no such file
   * @throws UncheckedIOException if it cannot be read
   */
  public static JsonFields read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ContentException("'%s' is missing".formatted(file));
    }
    try {
      return object("'%s'".formatted(file), ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
    }
  }

  private static String decode(String source, ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new ContentException("%s is not UTF-8 text: %s".formatted(source, e.getMessage()), e);
    }
  }

  // Gson's second line points to its own troubleshooting page.
  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private JsonElement document() throws IOException {
    JsonElement element = next();
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw new MalformedJsonException("more text after the end of the value");
    }
    return element;
  }

  private JsonElement next() throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object();
      case BEGIN_ARRAY -> array();
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> new JsonPrimitive(ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(reader));
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      case END_DOCUMENT -> throw new EOFException("the text is empty");
      case NAME, END_ARRAY, END_OBJECT -> throw new IllegalStateException("misplaced token");
    };
  }

  private JsonObject object() throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      if (object.has(key)) {
        throw new JsonTextException(
            "has the key '%s' twice, at %s".formatted(key, reader.getPath()));
      }
      object.add(key, next());
    }
    reader.endObject();
    return object;
  }

  private JsonArray array() throws IOException {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(next());
    }
    reader.endArray();
    return array;
  }
}
