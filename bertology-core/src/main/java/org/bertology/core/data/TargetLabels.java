package org.bertology.core.data;

import java.util.List;
import java.util.Optional;

/** Labels that are texts, which a sequence-to-sequence model is to write. */
public record TargetLabels() implements Labels {
  @Override
  public Optional<Label> parse(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(new Label.TargetText(text));
  }

  @Override
  public String expected() {
    return "a text";
  }

  @Override
  public String explanation() {
    return "labels are target texts";
  }

  @Override
  public List<String> outputNames() {
    return List.of();
  }

  @Override
  public int outputs() {
    return 0;
  }
}
