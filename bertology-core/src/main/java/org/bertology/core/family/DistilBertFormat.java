package org.bertology.core.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.DistilBert;
import org.bertology.api.model.Family;
import org.bertology.api.model.Task;
import org.bertology.core.json.JsonFields;

/**
 * DistilBERT. Whether its positions were sinusoidal at first does not matter, because they are
 * stored like learned ones.
 */
final class DistilBertFormat implements FamilyFormat {
  private static final double EPSILON = 1e-12;

  @Override
  public String modelType() {
    return "distilbert";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(
        "dim",
        "n_layers",
        "n_heads",
        "head_dim",
        "hidden_dim",
        false,
        "max_position_embeddings",
        "layer_norm_eps",
        EPSILON,
        "activation",
        "gelu",
        0,
        true);
  }

  /** The library reads none. */
  @Override
  public double epsilon(JsonFields config) {
    return EPSILON;
  }

  @Override
  public int tokenTypes(JsonFields config) {
    return 0;
  }

  @Override
  public Family family(JsonFields config) {
    return new DistilBert();
  }

  @Override
  public Map<String, Task> architectures() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    tasks.put("DistilBertForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put("DistilBertForTokenClassification", Task.TOKEN_CLASSIFICATION);
    tasks.put("DistilBertForMaskedLM", Task.MASKED_LM);
    tasks.put("DistilBertModel", Task.ENCODER);
    return tasks;
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "distilbert.",
        List.of("embeddings.", "transformer."),
        Map.of("vocab_projector.weight", "distilbert.embeddings.word_embeddings.weight"),
        List.of(Pattern.compile("distilbert\\.embeddings\\.position_ids")));
  }
}
