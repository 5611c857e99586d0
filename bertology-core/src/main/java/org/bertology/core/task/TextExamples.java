package org.bertology.core.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.bertology.core.data.Example;
import org.bertology.core.data.Label;
import org.bertology.core.data.Labels;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;

/** Examples that are given directly and not in a file. */
public final class TextExamples {
  private TextExamples() {}

  /**
   * Texts as a model's token ids.
   *
   * @param labels one for each text, a class's name or number, or a score; or none at all
   * @param maxLength tokens per example; if absent, as in {@link DataSelection}
   * @throws IllegalArgumentException if there are some labels but not one for each text, or a label
   *     has no meaning to the model
   */
  public static EncodedData encode(
      Model model, List<String> texts, List<String> labels, OptionalInt maxLength) {
    if (!labels.isEmpty() && labels.size() != texts.size()) {
      throw new IllegalArgumentException(
          "expected a label for each of the %d texts, or none at all; got %d"
              .formatted(texts.size(), labels.size()));
    }
    Labels meanings = TaskData.labels(model, Optional.empty(), OptionalDouble.empty());
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Optional<Label> label =
          labels.isEmpty() ? Optional.empty() : Optional.of(label(labels.get(i), meanings));
      examples.add(new Example("text-" + (i + 1), i + 1, texts.get(i), Optional.empty(), label));
    }
    return TaskData.encoded(model, examples, TaskData.maxLength(model, maxLength));
  }

  private static Label label(String text, Labels meanings) {
    return meanings
        .parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown label '%s'; expected %s".formatted(text, meanings.expected())));
  }
}
