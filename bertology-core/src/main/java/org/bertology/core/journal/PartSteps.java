package org.bertology.core.journal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;

/**
 * Some of the steps of a computation, told from the others by one more member.
 *
 * @param all of the computation
 * @param name of the part
 */
record PartSteps(Steps all, String name) implements Steps {
  private static final String PART = "part";

  @Override
  public List<JsonObject> earlier() {
    JsonElement own = new JsonPrimitive(name);
    return all.earlier().stream()
        .filter(step -> own.equals(step.get(PART)))
        .map(PartSteps::withoutName)
        .toList();
  }

  private static JsonObject withoutName(JsonObject step) {
    JsonObject bare = step.deepCopy();
    JsonElement unused = bare.remove(PART);
    return bare;
  }

  @Override
  public void append(JsonObject step) {
    JsonObject named = new JsonObject();
    named.addProperty(PART, name);
    step.entrySet().forEach(member -> named.add(member.getKey(), member.getValue()));
    all.append(named);
  }
}
