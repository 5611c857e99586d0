package org.bertology.core.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.Family;
import org.bertology.api.model.Roberta;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;

/**
 * RoBERTa and the models that are RoBERTa under another name.
 *
 * @param classes what the names of the classes that save such models begin with
 */
record RobertaFormat(String modelType, String classes) implements FamilyFormat {
  private static final int USUAL_PADDING = 1;

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.bert().withPaddingId(USUAL_PADDING);
  }

  @Override
  public Family family(JsonFields config) {
    BertFormat.requireAbsolutePositions(config);
    return new Roberta(paddingId(config));
  }

  private static int paddingId(JsonFields config) {
    return config.integer("pad_token_id", 0, Integer.MAX_VALUE - 1, USUAL_PADDING);
  }

  /** The table of positions begins with one for padding and those before it. */
  @Override
  public int maxPositions(JsonFields config) {
    int rows = FamilyFormat.super.maxPositions(config);
    int unused = paddingId(config) + 1;
    if (rows <= unused) {
      throw new ContentException(
          "%s: %s %d leaves no position for a token: the first %d belong to padding (pad_token_id %d)"
              .formatted(config.source(), keys().positions(), rows, unused, unused - 1));
    }
    return rows - unused;
  }

  @Override
  public Map<String, Task> architectures() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    tasks.put(classes + "ForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put(classes + "ForTokenClassification", Task.TOKEN_CLASSIFICATION);
    tasks.put(classes + "ForMaskedLM", Task.MASKED_LM);
    tasks.put(classes + "Model", Task.ENCODER);
    return tasks;
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "roberta.",
        List.of("embeddings.", "encoder.", "pooler."),
        Map.of(
            "lm_head.decoder.weight", "roberta.embeddings.word_embeddings.weight",
            "lm_head.decoder.bias", "lm_head.bias"),
        List.of(Pattern.compile("roberta\\.embeddings\\.(position_ids|token_type_ids)")));
  }
}
