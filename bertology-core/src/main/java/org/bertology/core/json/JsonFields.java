package org.bertology.core.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.bertology.core.ContentException;

/**
 * Typed access to the keys of a JSON object. A key with the value null counts as absent. What is
 * missing or of the wrong type is a {@link ContentException} that names source, key, value and
 * expectation.
 *
 * @param source what messages call the object
 */
public record JsonFields(String source, JsonObject object) {
  private static final int DESCRIBED_LENGTH = 60;

  public Set<String> keys() {
    return object.keySet();
  }

  public boolean has(String key) {
    return object.has(key) && !object.get(key).isJsonNull();
  }

  public String text(String key) {
    JsonElement value = required(key);
    if (!isText(value)) {
      throw wrong(key, "a string", value);
    }
    return value.getAsString();
  }

  public String text(String key, String fallback) {
    return has(key) ? text(key) : fallback;
  }

  /** An integer within the bounds, both included. */
  public int integer(String key, int minimum, int maximum) {
    OptionalLong number = whole(required(key));
    if (number.isEmpty() || number.getAsLong() < minimum || number.getAsLong() > maximum) {
      throw wrong(key, range(minimum, maximum), object.get(key));
    }
    return (int) number.getAsLong();
  }

  public int integer(String key, int minimum, int maximum, int fallback) {
    return has(key) ? integer(key, minimum, maximum) : fallback;
  }

  public double positive(String key, double fallback) {
    if (!has(key)) {
      return fallback;
    }
    JsonElement value = object.get(key);
    double number = isNumber(value) ? value.getAsDouble() : Double.NaN;
    if (!(number > 0 && number < Double.POSITIVE_INFINITY)) {
      throw wrong(key, "a positive number", value);
    }
    return number;
  }

  public boolean flag(String key, boolean fallback) {
    if (!has(key)) {
      return fallback;
    }
    JsonElement value = object.get(key);
    if (!(value instanceof JsonPrimitive primitive && primitive.isBoolean())) {
      throw wrong(key, "true or false", value);
    }
    return value.getAsBoolean();
  }

  /** A list of strings; empty if the key is absent. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonElement element : array(key, "an array of strings")) {
      if (!isText(element)) {
        throw wrong(key, "an array of strings", object.get(key));
      }
      texts.add(element.getAsString());
    }
    return List.copyOf(texts);
  }

  /** A list of integers that fit a long. */
  public long[] longs(String key, String expected) {
    JsonArray array = array(key, expected);
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole(array.get(i)).orElseThrow(() -> wrong(key, expected, object.get(key)));
    }
    return values;
  }

  public JsonArray array(String key, String expected) {
    JsonElement value = required(key);
    if (!value.isJsonArray()) {
      throw wrong(key, expected, value);
    }
    return value.getAsJsonArray();
  }

  public JsonFields fields(String key) {
    JsonElement value = required(key);
    if (!value.isJsonObject()) {
      throw wrong(key, "an object", value);
    }
    return new JsonFields("%s '%s'".formatted(source, key), value.getAsJsonObject());
  }

  public ContentException wrong(String key, String expected, JsonElement got) {
    return wrong(key, expected, describe(got));
  }

  public ContentException wrong(String key, String expected, String got) {
    return new ContentException(
        "%s: '%s' must be %s, got %s".formatted(source, key, expected, got));
  }

  private JsonElement required(String key) {
    if (!has(key)) {
      throw new ContentException("%s: the key '%s' is missing".formatted(source, key));
    }
    return object.get(key);
  }

  public static String range(int minimum, int maximum) {
    return maximum == Integer.MAX_VALUE
        ? "an integer of at least %d".formatted(minimum)
        : "an integer from %d to %d".formatted(minimum, maximum);
  }

  /** The value as JSON, shortened. */
  static String describe(JsonElement element) {
    String json = element.toString();
    return json.length() <= DESCRIBED_LENGTH ? json : json.substring(0, DESCRIBED_LENGTH) + "…";
  }

  private static boolean isText(JsonElement element) {
    return element instanceof JsonPrimitive primitive && primitive.isString();
  }

  private static boolean isNumber(JsonElement element) {
    return element instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  private static OptionalLong whole(JsonElement element) {
    if (!isNumber(element)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(element.getAsBigDecimal().longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
