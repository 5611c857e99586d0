package org.bertology.core.data;

import java.util.List;

/** What a model should answer for one example. */
public sealed interface Label {
  /** The index of the right class among the model's classes, from zero. */
  record ClassIndex(int index) implements Label {
    public ClassIndex {
      if (index < 0) {
        throw new IllegalArgumentException("class indices start at 0, got " + index);
      }
    }
  }

  /** The right value of a regression task; finite. */
  record Score(double value) implements Label {
    public Score {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a score must be finite, got " + value);
      }
    }
  }

  /** The target text of a sequence-to-sequence model, before it is cut into tokens. */
  record TargetText(String text) implements Label {
    public TargetText {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("a target text must not be empty");
      }
    }
  }

  /** The words of the target text of a sequence-to-sequence model, as token ids. */
  record Target(List<Integer> ids) implements Label {
    public Target {
      ids = List.copyOf(ids);
      if (ids.isEmpty()) {
        throw new IllegalArgumentException("a target needs one token at least");
      }
    }
  }

  /**
   * The index of the right class of every word of a text, before it is cut into tokens; {@link
   * org.bertology.api.model.ModelInputs#IGNORED} at words without one.
   */
  record PerWord(List<Integer> indices) implements Label {
    public PerWord {
      indices = List.copyOf(indices);
    }
  }

  /**
   * The index of the right class, or word, of every token, special tokens included; {@link
   * org.bertology.api.model.ModelInputs#IGNORED} at tokens without one.
   */
  record PerToken(List<Integer> indices) implements Label {
    public PerToken {
      indices = List.copyOf(indices);
    }
  }
}
