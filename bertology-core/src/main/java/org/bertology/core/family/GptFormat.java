package org.bertology.core.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.Activation;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Family;
import org.bertology.api.model.Gpt;
import org.bertology.api.model.Task;
import org.bertology.core.json.JsonFields;

/** GPT. */
final class GptFormat implements FamilyFormat {

  @Override
  public String modelType() {
    return "openai-gpt";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.gpt("afn", "gelu");
  }

  @Override
  public Family family(JsonFields config) {
    return new Gpt();
  }

  /** The library calls the tanh approximation gelu here. */
  @Override
  public Map<String, Activation> activations() {
    return Map.of("gelu", Activation.GELU_TANH, "relu", Activation.RELU);
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
    tasks.put("OpenAIGPTLMHeadModel", Task.CAUSAL_LM);
    tasks.put("OpenAIGPTForSequenceClassification", Task.SEQUENCE_CLASSIFICATION);
    tasks.put("OpenAIGPTModel", Task.ENCODER);
    return tasks;
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "transformer.",
        List.of("tokens_embed.", "positions_embed.", "h."),
        Map.of("lm_head.weight", "transformer.tokens_embed.weight"),
        List.of(
            Pattern.compile("transformer\\.h\\.[0-9]+\\.attn\\.bias"),
            Pattern.compile("(transformer\\.)?position_ids")));
  }
}
