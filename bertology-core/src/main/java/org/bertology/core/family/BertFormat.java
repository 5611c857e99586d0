package org.bertology.core.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.Bert;
import org.bertology.api.model.Family;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;

/** BERT and UniLM. */
final class BertFormat implements FamilyFormat {

  @Override
  public String modelType() {
    return "bert";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.bert();
  }

  @Override
  public Family family(JsonFields config) {
    requireAbsolutePositions(config);
    return new Bert();
  }

  /**
   * Refuses position embeddings of other kinds, which the library once had.
   *
   * @throws ContentException if the configuration asks for them
   */
  static void requireAbsolutePositions(JsonFields config) {
    String type = config.text("position_embedding_type", "absolute");
    if (!type.equals("absolute")) {
      throw new ContentException(
          "%s: position_embedding_type '%s' is not supported; known is absolute"
              .formatted(config.source(), type));
    }
  }

  @Override
  public Map<String, Task> architectures() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    tasks.put("BertForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put("BertForTokenClassification", Task.TOKEN_CLASSIFICATION);
    tasks.put("BertForMaskedLM", Task.MASKED_LM);
    tasks.put("BertModel", Task.ENCODER);
    return tasks;
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "bert.",
        List.of("embeddings.", "encoder.", "pooler."),
        Map.of(
            "cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight",
            "cls.predictions.decoder.bias", "cls.predictions.bias"),
        List.of(Pattern.compile("bert\\.embeddings\\.(position_ids|token_type_ids)")));
  }
}
