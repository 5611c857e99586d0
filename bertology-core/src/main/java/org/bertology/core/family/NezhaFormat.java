package org.bertology.core.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.Family;
import org.bertology.api.model.Nezha;
import org.bertology.api.model.Task;
import org.bertology.core.json.JsonFields;

/** NEZHA. */
final class NezhaFormat implements FamilyFormat {
  private static final int USUAL_DISTANCE = 64;

  @Override
  public String modelType() {
    return "nezha";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.bert();
  }

  @Override
  public Family family(JsonFields config) {
    return new Nezha(
        config.integer("max_relative_position", 1, ConfigKeys.MAXIMUM_DISTANCE, USUAL_DISTANCE));
  }

  @Override
  public Map<String, Task> architectures() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    tasks.put("NezhaForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put("NezhaForTokenClassification", Task.TOKEN_CLASSIFICATION);
    tasks.put("NezhaForMaskedLM", Task.MASKED_LM);
    tasks.put("NezhaModel", Task.ENCODER);
    return tasks;
  }

  /** The table of distances was stored once; it is computed. */
  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "nezha.",
        List.of("embeddings.", "encoder.", "pooler."),
        Map.of(
            "cls.predictions.decoder.weight", "nezha.embeddings.word_embeddings.weight",
            "cls.predictions.decoder.bias", "cls.predictions.bias"),
        List.of(
            Pattern.compile("nezha\\.embeddings\\.(position_ids|token_type_ids)"),
            Pattern.compile(
                "nezha\\.encoder\\.layer\\.[0-9]+\\.attention\\.self\\.relative_positions_encoding\\..*")));
  }
}
