package org.bertology.core.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.model.LayerTitles;

/** JSON values of results, and their text: the innermost lists and list items on one line each. */
final class Json {
  private static final String INDENT = "  ";

  private Json() {}

  /** A number; null if it is not finite, since JSON has nothing else for it. */
  static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(Decimals.of(value)) : JsonNull.INSTANCE;
  }

  /** The same for a float, with as few digits as a float needs. */
  static JsonElement number(float value) {
    return Float.isFinite(value) ? new JsonPrimitive(Decimals.of(value)) : JsonNull.INSTANCE;
  }

  static JsonElement text(Optional<String> value) {
    return value.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE);
  }

  static JsonArray texts(List<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  /** Adds the names of layers where their numbers alone do not tell them. */
  static void addLayers(JsonObject document, LayerTitles layers) {
    if (layers.haveStacks()) {
      document.add("layerNames", texts(layers.all()));
    }
  }

  static JsonObject numbers(Map<String, Double> values) {
    JsonObject object = new JsonObject();
    values.forEach((key, value) -> object.add(key, number(value)));
    return object;
  }

  /** One list per layer. */
  static JsonArray matrix(LayerScores scores) {
    double[] flat = scores.flat();
    return matrix(scores, unit -> flat[unit]);
  }

  /** One list per layer of numbers that are known by unit, counted through all layers. */
  static JsonArray matrix(LayerScores shape, IntToDoubleFunction values) {
    JsonArray rows = new JsonArray();
    int unit = 0;
    for (int layer = 0; layer < shape.layers(); layer++) {
      JsonArray row = new JsonArray();
      for (int i = 0; i < shape.width(layer); i++) {
        row.add(number(values.applyAsDouble(unit)));
        unit++;
      }
      rows.add(row);
    }
    return rows;
  }

  /** The text of a document, with a line feed at its end. */
  static String document(JsonObject object) {
    return lines(object, "") + "\n";
  }

  private static String lines(JsonElement element, String indent) {
    if (element.isJsonObject() && element.getAsJsonObject().size() > 0) {
      return block("{", "}", members(element.getAsJsonObject(), indent + INDENT), indent);
    }
    boolean nested = element.isJsonArray() && hasContainers(element.getAsJsonArray());
    return nested
        ? block("[", "]", items(element.getAsJsonArray(), indent + INDENT), indent)
        : line(element);
  }

  private static List<String> members(JsonObject object, String indent) {
    return object.entrySet().stream()
        .map(
            member -> "%s: %s".formatted(quoted(member.getKey()), lines(member.getValue(), indent)))
        .toList();
  }

  private static List<String> items(JsonArray array, String indent) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(item -> item.isJsonObject() ? line(item) : lines(item, indent))
        .toList();
  }

  private static String block(String open, String close, List<String> parts, String indent) {
    return parts.stream()
        .map(part -> indent + INDENT + part)
        .collect(Collectors.joining(",\n", open + "\n", "\n" + indent + close));
  }

  private static boolean hasContainers(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .anyMatch(item -> item.isJsonArray() || item.isJsonObject());
  }

  /** Everything on one line. */
  static String line(JsonElement element) {
    if (element.isJsonArray()) {
      return StreamSupport.stream(element.getAsJsonArray().spliterator(), false)
          .map(Json::line)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (element.isJsonObject()) {
      return element.getAsJsonObject().entrySet().stream()
          .map(member -> "%s: %s".formatted(quoted(member.getKey()), line(member.getValue())))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return element.toString();
  }

  private static String quoted(String text) {
    return new JsonPrimitive(text).toString();
  }
}
