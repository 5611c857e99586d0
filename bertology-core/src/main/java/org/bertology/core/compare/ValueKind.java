package org.bertology.core.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The kinds of values at which engines are compared, bottom to top, then the gradients. */
public enum ValueKind {
  /** The embeddings and the outputs of all layers {@code [N, T, W]}. */
  HIDDEN_STATES("hidden states", "hidden-states", "embeddings|layer\\.\\d+", false),
  /** {@code [N, H, T, T]}. */
  ATTENTIONS(
      "attention probabilities", "attentions", "layer\\.\\d+\\.attention\\.probabilities", true),
  /** {@code [N, H, T, D]}. */
  CONTEXTS("contexts", "contexts", "layer\\.\\d+\\.attention\\.context", true),
  LOGITS("logits", "logits", "logits", false),
  LOSS("loss", "loss", "loss", false),
  /** {@code [N, H, T, D]}. */
  CONTEXT_GRADIENTS(
      "context gradients",
      "contexts.gradient",
      "layer\\.\\d+\\.attention\\.context\\.gradient",
      true),
  /** The derivatives by the heads' masks at each token, s {@code [N, H, T, 1]}. */
  GATE_GRADIENTS(
      "gate gradients",
      "**layer.*.attention.gate.gradient",
      "layer\\.\\d+\\.attention\\.gate\\.gradient",
      true);

  private final String title;
  private final String group;
  private final Pattern names;
  private final boolean byHead;

  ValueKind(String title, String group, String names, boolean byHead) {
    this.title = title;
    this.group = group;
    this.names = Pattern.compile("(?:encoder\\.|decoder\\.|cross\\.)?(?:%s)".formatted(names));
    this.byHead = byHead;
  }

  /**
   * The kind of a value.
   *
   * @param name of a hook, or of the gradient of one
   * @throws IllegalArgumentException if it is of none of these kinds
   */
  public static ValueKind of(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.names.matcher(name).matches())
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'%s' is not a compared value".formatted(name)));
  }

  /** What to ask {@link org.bertology.core.activation.Activations} for to get all of them. */
  public static List<String> hooks() {
    return Arrays.stream(values()).map(kind -> kind.group).toList();
  }

  /** The name in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /** Whether the second axis counts heads. */
  boolean isByHead() {
    return byHead;
  }
}
