package org.bertology.core.checkpoint.mapping;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;

/**
 * What tensors of some names are.
 *
 * @param source what messages call the rule
 * @param name fits the whole name
 * @param parameters names of parameters, with {@code $1} for groups
 * @param transposed whether a matrix has its axes exchanged
 */
record TensorRule(String source, Pattern name, List<String> parameters, boolean transposed) {
  private static final Set<String> KEYS = Set.of("name", "is", "transposed");

  TensorRule {
    parameters = List.copyOf(parameters);
  }

  static TensorRule of(JsonFields json) {
    for (String key : json.keys()) {
      if (!KEYS.contains(key)) {
        throw new ContentException(
            "%s: the key '%s' is unknown; known are name, is, transposed"
                .formatted(json.source(), key));
      }
    }
    return new TensorRule(
        json.source(), pattern(json), parameters(json), json.flag("transposed", false));
  }

  private static Pattern pattern(JsonFields json) {
    String text = json.text("name");
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new ContentException(
          "%s: 'name' must be a regular expression: %s".formatted(json.source(), e.getMessage()),
          e);
    }
  }

  private static List<String> parameters(JsonFields json) {
    if (json.object().get("is") instanceof JsonArray) {
      List<String> names = new ArrayList<>();
      for (JsonElement element : json.array("is", "a name or an array of names")) {
        names.add(element.getAsString());
      }
      return names;
    }
    return List.of(json.text("is"));
  }

  /** The names of the parameters that a tensor holds; empty if the rule does not fit its name. */
  Optional<List<String>> parameters(String tensor) {
    Matcher matcher = name.matcher(tensor);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parameters.stream().map(matcher::replaceFirst).toList());
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new ContentException(
          "%s: '%s' asks for a group that '%s' does not have".formatted(source, parameters, name),
          e);
    }
  }
}
