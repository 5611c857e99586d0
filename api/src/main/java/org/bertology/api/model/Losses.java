package org.bertology.api.model;

import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/** The loss of each example, {@code [B]}, and its like. B batch, T sequence, C classes. */
final class Losses {
  private Losses() {}

  /** Cross entropy of logits {@code [B, C]} with one label per example, {@code [B]}. */
  static Value crossEntropy(Value logits) {
    Value labels =
        logits.graph().input(ModelInputs.LABELS, ElementType.INT, Shape.of(logits.dim(0)));
    return entries(logits.logSoftmax(), labels).neg();
  }

  /** Weighted sum of the cross entropy of logits {@code [B, T, C]} over tokens, {@code [B]}. */
  static Value tokenCrossEntropy(Value logits) {
    return overTokens(entries(logits.logSoftmax(), labels(logits)).neg());
  }

  /** Weighted sum over tokens of 1 where a label's logit is the largest, {@code [B]}. */
  static Value tokenAccuracy(Value logits) {
    Value right = entries(logits, labels(logits)).equalTo(logits.max(-1).squeeze(-1));
    return overTokens(right.cast(ElementType.FLOAT));
  }

  /** Weighted sum of the entropy of logits {@code [B, T, C]} over tokens, {@code [B]}. */
  static Value tokenEntropy(Value logits) {
    return overTokens(entropy(logits));
  }

  /** The entropy of the softmax over the last axis, in nats; without that axis. */
  static Value entropy(Value logits) {
    Value logs = logits.logSoftmax();
    return logs.exp().mul(logs).sum(-1).squeeze(-1).neg();
  }

  private static Value labels(Value logits) {
    Shape tokens = logits.shape().slice(0, 2);
    return logits.graph().input(ModelInputs.LABELS, ElementType.INT, tokens);
  }

  /** {@code [B, T]} weighted and summed. */
  private static Value overTokens(Value values) {
    Value weights =
        values.graph().input(ModelInputs.LABEL_WEIGHTS, ElementType.FLOAT, values.shape());
    return values.mul(weights).sum(1).squeeze(1);
  }

  /**
   * Weighted sum of the binary cross entropy of logits {@code [B, T]} over tokens, {@code [B]}.
   * With target y, that of a logit z is log(1 + exp(z)) − y·z = (½ − y)·z + |z|/2 + log(1 +
   * exp(−|z|)), which does not overflow, and whose derivative is right at 0 too.
   */
  static Value tokenBinaryCrossEntropy(Value logits) {
    Value targets =
        logits.graph().input(ModelInputs.TOKEN_TARGETS, ElementType.FLOAT, logits.shape());
    Value size = logits.abs();
    Value linear = targets.neg().add(0.5).mul(logits).add(size.mul(0.5));
    return overTokens(linear.add(size.neg().exp().add(1).log()));
  }

  /**
   * Weighted sum of the entropy of logits {@code [B, T]} of two classes over tokens, {@code [B]}.
   * With e = exp(−|z|), that of a logit z is log(1 + e) + |z|·e / (1 + e).
   */
  static Value tokenBinaryEntropy(Value logits) {
    Value size = logits.abs();
    Value e = size.neg().exp();
    return overTokens(e.add(1).log().add(size.mul(e).div(e.add(1))));
  }

  private static Value entries(Value table, Value indices) {
    return table.reshape(Shape.of(table.shape().size())).gather(indices);
  }

  /** (prediction − target)² of predictions {@code [B, 1]}, {@code [B]}. */
  static Value squaredError(Value predictions) {
    Value targets =
        predictions
            .graph()
            .input(ModelInputs.TARGETS, ElementType.FLOAT, Shape.of(predictions.dim(0)));
    return predictions.squeeze(1).sub(targets).square();
  }
}
