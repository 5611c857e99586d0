package org.bertology.core.checkpoint.tensorflow;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.json.JsonFields;

/**
 * A {@code bert_config.json}, which holds sizes alone, with what a {@code config.json} has beyond
 * them: the family, the class of the model, and how many labels there are.
 */
final class CompletedConfig {
  private static final int MOST_LABELS = 1_000_000;

  private CompletedConfig() {}

  /** What the file says stays; what it lacks follows from the variables. */
  static JsonFields of(JsonFields given, PublishedLayout layout, StoredWeights variables) {
    JsonObject json = given.object().deepCopy();
    if (!given.has("model_type")) {
      json.addProperty("model_type", layout.modelType());
    }
    if (given.texts("architectures").isEmpty()) {
      JsonArray architectures = new JsonArray();
      architectures.add(layout.architecture(variables.names()));
      json.add("architectures", architectures);
    }
    boolean named = given.has("id2label") || given.has("num_labels");
    if (!named && variables.names().contains(PublishedLayout.LABEL_WEIGHTS)) {
      addLabels(json, labels(given.source(), variables));
    }
    return new JsonFields(given.source(), json);
  }

  private static int labels(String source, StoredWeights variables) {
    long[] shape = variables.shape(PublishedLayout.LABEL_WEIGHTS);
    if (shape.length != 2 || shape[0] < 1 || shape[0] > MOST_LABELS) {
      throw new ContentException(
          "%s: the checkpoint's variable '%s' must have one row per label, at most %d; its shape is %s"
              .formatted(
                  source, PublishedLayout.LABEL_WEIGHTS, MOST_LABELS, Arrays.toString(shape)));
    }
    return (int) shape[0];
  }

  private static void addLabels(JsonObject json, int count) {
    JsonObject names = new JsonObject();
    JsonObject indices = new JsonObject();
    for (int label = 0; label < count; label++) {
      names.addProperty(Integer.toString(label), "LABEL_" + label);
      indices.addProperty("LABEL_" + label, label);
    }
    json.add("id2label", names);
    json.add("label2id", indices);
  }
}
