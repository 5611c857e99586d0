package org.bertology.core.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Family;
import org.bertology.api.model.Gpt2;
import org.bertology.api.model.Task;
import org.bertology.core.json.JsonFields;

/** GPT-2. */
final class Gpt2Format implements FamilyFormat {

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.gpt("activation_function", "gelu_new");
  }

  @Override
  public Family family(JsonFields config) {
    return new Gpt2(
        config.flag("scale_attn_weights", true),
        config.flag("scale_attn_by_inverse_layer_idx", false));
  }

  @Override
  public int tokenTypes(JsonFields config) {
    return 0;
  }

  @Override
  public AttentionPattern attention() {
    return AttentionPattern.LEFT_TO_RIGHT;
  }

  @Override
  public Map<String, Task> architectures() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    tasks.put("GPT2LMHeadModel", Task.CAUSAL_LM);
    tasks.put("GPT2ForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put("GPT2ForTokenClassification", Task.TOKEN_CLASSIFICATION);
    tasks.put("GPT2Model", Task.ENCODER);
    return tasks;
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "transformer.",
        List.of("wte.", "wpe.", "h.", "ln_f."),
        Map.of("lm_head.weight", "transformer.wte.weight"),
        List.of(Pattern.compile("transformer\\.h\\.[0-9]+\\.attn\\.(bias|masked_bias)")));
  }
}
