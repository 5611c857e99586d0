package org.bertology.core.family;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The families that are known. */
public final class Families {
  private static final List<FamilyFormat> ALL =
      List.of(
          new BertFormat(),
          new RobertaFormat("roberta", "Roberta"),
          new RobertaFormat("xlm-roberta", "XLMRoberta"),
          new RobertaFormat("camembert", "Camembert"),
          new DistilBertFormat(),
          new ElectraFormat(),
          new NezhaFormat(),
          new AlbertFormat(),
          new GptFormat(),
          new Gpt2Format(),
          new T5Format());

  private Families() {}

  /** The family of a {@code model_type}. */
  public static Optional<FamilyFormat> of(String modelType) {
    return ALL.stream().filter(family -> family.modelType().equals(modelType)).findFirst();
  }

  /** What {@code model_type} may say, for messages. */
  public static String list() {
    return ALL.stream().map(FamilyFormat::modelType).sorted().collect(Collectors.joining(", "));
  }
}
