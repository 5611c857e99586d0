package org.bertology.core.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.Electra;
import org.bertology.api.model.Family;
import org.bertology.api.model.Task;
import org.bertology.core.json.JsonFields;

/** ELECTRA. */
final class ElectraFormat implements FamilyFormat {
  private static final int USUAL_EMBEDDING_SIZE = 128;

  @Override
  public String modelType() {
    return "electra";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.bert();
  }

  @Override
  public Family family(JsonFields config) {
    BertFormat.requireAbsolutePositions(config);
    return new Electra(
        config.integer("embedding_size", 1, Integer.MAX_VALUE, USUAL_EMBEDDING_SIZE));
  }

  @Override
  public Map<String, Task> architectures() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    tasks.put("ElectraForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put("ElectraForTokenClassification", Task.TOKEN_CLASSIFICATION);
    tasks.put("ElectraForPreTraining", Task.REPLACED_TOKEN_DETECTION);
    tasks.put("ElectraForMaskedLM", Task.MASKED_LM);
    tasks.put("ElectraModel", Task.ENCODER);
    return tasks;
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "electra.",
        List.of("embeddings.", "embeddings_project.", "encoder."),
        Map.of("generator_lm_head.weight", "electra.embeddings.word_embeddings.weight"),
        List.of(Pattern.compile("electra\\.embeddings\\.(position_ids|token_type_ids)")));
  }
}
