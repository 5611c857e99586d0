package org.bertology.core.family;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.Albert;
import org.bertology.api.model.Family;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;

/** ALBERT. */
final class AlbertFormat implements FamilyFormat {
  private static final int USUAL_EMBEDDING_SIZE = 128;
  private static final String GROUPS = "num_hidden_groups";
  private static final String INNER_LAYERS = "inner_group_num";

  @Override
  public String modelType() {
    return "albert";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.bert().withActivation("gelu_new");
  }

  @Override
  public Family family(JsonFields config) {
    BertFormat.requireAbsolutePositions(config);
    int inner = config.integer(INNER_LAYERS, 1, ConfigKeys.MAXIMUM_LAYERS, 1);
    if (inner != 1) {
      throw new ContentException(
          "%s: %s %d is not supported; known are groups of one layer that is repeated, %s 1"
              .formatted(config.source(), INNER_LAYERS, inner, INNER_LAYERS));
    }
    int layers = config.integer(keys().layers(), 1, ConfigKeys.MAXIMUM_LAYERS);
    return new Albert(
        config.integer("embedding_size", 1, Integer.MAX_VALUE, USUAL_EMBEDDING_SIZE),
        layers,
        config.integer(GROUPS, 1, layers, 1));
  }

  @Override
  public void addSettings(Family family, JsonObject config) {
    config.addProperty(GROUPS, ((Albert) family).groups());
  }

  @Override
  public Map<String, Task> architectures() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    tasks.put("AlbertForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put("AlbertForTokenClassification", Task.TOKEN_CLASSIFICATION);
    tasks.put("AlbertForMaskedLM", Task.MASKED_LM);
    tasks.put("AlbertModel", Task.ENCODER);
    return tasks;
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "albert.",
        List.of("embeddings.", "encoder.", "pooler."),
        Map.of(
            "predictions.decoder.weight", "albert.embeddings.word_embeddings.weight",
            "predictions.decoder.bias", "predictions.bias"),
        List.of(Pattern.compile("albert\\.embeddings\\.(position_ids|token_type_ids)")));
  }
}
