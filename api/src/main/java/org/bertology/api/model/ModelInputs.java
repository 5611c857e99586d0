package org.bertology.api.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntBinaryOperator;
import org.bertology.api.graph.Shape;
import org.bertology.api.tensor.Tensor;

/**
 * The inputs of a model's graph for one batch of token ids, padded to the longest. Masks, positions
 * and labels are computed here, in Java, so that every engine gets the same ones. B batch, T
 * sequence.
 */
public final class ModelInputs {
  /** One entry per token of a batch. */
  public static final Shape TOKENS = Shape.of("batch", "sequence");

  /** One entry per token of the targets of a batch; U target sequence. */
  public static final Shape TARGET_TOKENS = Shape.of("batch", "target");

  /** INT {@code [B, T]}, in {@code [0, vocabulary size)}. */
  public static final String INPUT_IDS = "input_ids";

  /** INT {@code [B, T]}, 0 for the first segment, 1 for the second. */
  public static final String TOKEN_TYPE_IDS = "token_type_ids";

  /** INT {@code [B, T]}, see {@link Family#firstPosition} and {@link Family#positionOfPadding}. */
  public static final String POSITION_IDS = "position_ids";

  /**
   * FLOAT {@code [B, 1, 1, T (key)]}, or {@code [B, 1, T (query), T (key)]} where the {@linkplain
   * AttentionPattern pattern} depends on the query: 0 at what is seen, {@link #HIDDEN} at padding
   * and at what is not.
   */
  public static final String ATTENTION_BIAS = "attention_bias";

  /** INT {@code [T (query), T (key)]}: rows of a table of distances, see {@link Nezha}. */
  public static final String DISTANCES = "distances";

  /** FLOAT {@code [B, T]}: 1 at tokens, 0 at padding; for sums over tokens. */
  public static final String TOKEN_MASK = "token_mask";

  /**
   * FLOAT {@code [B, 2, T]}, of sentence embedding, for each of two texts in a row: what states are
   * multiplied by before they are added up, or of {@link Pooling#MAX} what is added to them.
   */
  public static final String SENTENCES = "sentence_tokens";

  /** FLOAT {@code [B, T]}: 1 at the last token of each example, 0 elsewhere. */
  public static final String LAST_TOKENS = "last_tokens";

  /** INT {@code [B, U]}: a start token, then the target without its last token. */
  public static final String DECODER_INPUT_IDS = "decoder_input_ids";

  /** FLOAT {@code [B, 1, U (query), U (key)]}: {@link #HIDDEN} at padding and to the right. */
  public static final String DECODER_BIAS = "decoder_attention_bias";

  /** FLOAT {@code [B, U]}: 1 at tokens of the target, 0 at padding. */
  public static final String DECODER_TOKEN_MASK = "decoder_token_mask";

  /** INT {@code [T (query), T (key)]}: which row of a table of relative positions is meant. */
  public static final String RELATIVE_BUCKETS = "relative_buckets";

  /** INT {@code [U (query), U (key)]}: the same in a decoder. */
  public static final String DECODER_BUCKETS = "decoder_relative_buckets";

  /**
   * INT {@code [B]} or {@code [B, T]}: where in the row-major logits {@code [B (, T), labels]} the
   * label's entry lies.
   */
  public static final String LABELS = "labels";

  /**
   * FLOAT {@code [B, T]}: one over the number of labelled tokens, 0 at tokens without a label; for
   * means over tokens.
   */
  public static final String LABEL_WEIGHTS = "label_weights";

  /** FLOAT {@code [B, T]}: 1 at tokens that were replaced, 0 at others. */
  public static final String TOKEN_TARGETS = "token_targets";

  /** FLOAT {@code [B]}: the numbers that regression aims at. */
  public static final String TARGETS = "targets";

  /** The label of a token that has none. */
  public static final int IGNORED = -100;

  /**
   * Added to the scores of hidden keys. Finite, so that a row without any key stays finite; low
   * enough for a probability of exactly 0 in float32 and double.
   */
  public static final float HIDDEN = -10_000;

  private final int batch;
  private final int length;
  private int targetLength;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * The inputs of a model.
   *
   * @param ids the token ids of each example, without padding
   * @param types the token types, of the same lengths
   * @param padId the id that fills shorter rows
   * @throws IllegalArgumentException if there is no example, an example is empty, or lengths differ
   */
  public static ModelInputs of(
      TransformerConfig config, List<int[]> ids, List<int[]> types, int padId) {
    return of(config, ids, types, lengths(ids), padId);
  }

  /**
   * The inputs of a model for sentence embedding that is given two texts in each row, the second
   * behind the first. They do not see each other, and positions restart at the second: values are
   * those of two rows.
   *
   * @param firstLengths how many tokens of each row are the first text; all, if it is the only one
   * @throws IllegalArgumentException as above, or if a first text has no token, or there are second
   *     texts and the model does not embed sentences
   */
  public static ModelInputs of(
      TransformerConfig config, List<int[]> ids, List<int[]> types, int[] firstLengths, int padId) {
    if (config.pooling().isEmpty() && !Arrays.equals(firstLengths, lengths(ids))) {
      throw new IllegalArgumentException(
          "two texts in a row are for sentence embedding; this model has no pooling");
    }
    ModelInputs inputs = new ModelInputs(ids, types, firstLengths, padId, Rows.of(config));
    config.pooling().ifPresent(pooling -> inputs.addSentences(pooling, ids, firstLengths));
    config.family().addInputs(config, inputs);
    return inputs;
  }

  private static int[] lengths(List<int[]> rows) {
    return rows.stream().mapToInt(row -> row.length).toArray();
  }

  /**
   * The inputs of an encoder-decoder model.
   *
   * @param ids the token ids of each source, without padding
   * @param targets the token ids of each target, without padding; {@link #IGNORED} is fed as
   *     padding and has no label
   * @param padId the id that fills shorter rows
   * @throws IllegalArgumentException if there is no example, a text is empty, or lengths differ
   */
  public static ModelInputs withTargets(
      TransformerConfig config, List<int[]> ids, List<int[]> targets, int padId) {
    List<int[]> types = ids.stream().map(row -> new int[row.length]).toList();
    ModelInputs inputs = new ModelInputs(ids, types, lengths(ids), padId, Rows.of(config));
    inputs.addTargets(targets, config.family().startId(), padId);
    inputs.tokenLabels(targets, config.vocabularySize(), inputs.targetLength);
    config.family().addInputs(config, inputs);
    return inputs;
  }

  /**
   * The inputs of an encoder that sees everything and counts positions from 0.
   *
   * @param ids the token ids of each example, without padding
   * @param types the token types, of the same lengths
   * @param padId the id that fills shorter rows
   * @throws IllegalArgumentException if there is no example, an example is empty, or lengths differ
   */
  public ModelInputs(List<int[]> ids, List<int[]> types, int padId) {
    this(ids, types, lengths(ids), padId, Rows.ANY);
  }

  /**
   * What the rows of a model have in common.
   *
   * @param perQuery whether what is seen depends on who looks
   * @param positions the longest text
   */
  private record Rows(Family family, AttentionPattern attention, boolean perQuery, int positions) {
    static final Rows ANY = new Rows(new Bert(), AttentionPattern.FULL, false, Integer.MAX_VALUE);

    static Rows of(TransformerConfig config) {
      return new Rows(
          config.family(), config.attention(), config.isAttentionPerQuery(), config.maxPositions());
    }

    /** Of a token at a place in its text; padding stays within the model's positions. */
    long position(int place, boolean real) {
      int counted = real ? place : Math.min(place, positions - 1);
      int position = family.firstPosition() + counted;
      return real ? position : family.positionOfPadding().orElse(position);
    }
  }

  private ModelInputs(List<int[]> ids, List<int[]> types, int[] firsts, int padId, Rows rows) {
    batch = ids.size();
    length = ids.stream().mapToInt(row -> row.length).max().orElse(0);
    if (batch == 0 || ids.stream().anyMatch(row -> row.length == 0)) {
      throw new IllegalArgumentException("a batch needs one example and one token at least");
    }
    if (types.size() != batch) {
      throw new IllegalArgumentException(
          "%d rows of ids but %d of token types".formatted(batch, types.size()));
    }
    requireFirsts(ids, firsts);
    long[] tokens = new long[batch * length];
    long[] segments = new long[batch * length];
    long[] positions = new long[batch * length];
    float[] mask = new float[batch * length];
    float[] last = new float[batch * length];
    for (int b = 0; b < batch; b++) {
      int[] row = ids.get(b);
      int[] rowTypes = types.get(b);
      if (rowTypes.length != row.length) {
        throw new IllegalArgumentException(
            "row %d has %d ids but %d token types".formatted(b, row.length, rowTypes.length));
      }
      for (int t = 0; t < length; t++) {
        int at = b * length + t;
        boolean real = t < row.length;
        tokens[at] = real ? row[t] : padId;
        segments[at] = real ? rowTypes[t] : 0;
        positions[at] = rows.position(t - start(t, firsts[b], row.length), real);
        mask[at] = real ? 1 : 0;
        last[at] = t == row.length - 1 ? 1 : 0;
      }
    }
    tensors.put(INPUT_IDS, Tensor.of(tokens, batch, length));
    tensors.put(TOKEN_TYPE_IDS, Tensor.of(segments, batch, length));
    tensors.put(POSITION_IDS, Tensor.of(positions, batch, length));
    tensors.put(ATTENTION_BIAS, bias(types, firsts, length, rows.attention(), rows.perQuery()));
    tensors.put(TOKEN_MASK, Tensor.of(mask, batch, length));
    tensors.put(LAST_TOKENS, Tensor.of(last, batch, length));
  }

  private void requireFirsts(List<int[]> ids, int[] firsts) {
    requireRows(firsts.length);
    for (int b = 0; b < batch; b++) {
      int length = ids.get(b).length;
      if (firsts[b] < 1 || firsts[b] > length) {
        throw new IllegalArgumentException(
            "row %d has %d tokens, its first text cannot have %d".formatted(b, length, firsts[b]));
      }
    }
  }

  /** Where a token's text starts in its row; padding belongs to the last text. */
  private static int start(int token, int first, int length) {
    return token < first || first == length ? 0 : first;
  }

  private void addTargets(List<int[]> targets, int startId, int padId) {
    requireRows(targets.size());
    targetLength = targets.stream().mapToInt(row -> row.length).max().orElse(0);
    if (targets.stream().anyMatch(row -> row.length == 0)) {
      throw new IllegalArgumentException("a target needs one token at least");
    }
    long[] ids = new long[batch * targetLength];
    float[] mask = new float[batch * targetLength];
    Arrays.fill(ids, padId);
    for (int b = 0; b < batch; b++) {
      int[] row = targets.get(b);
      ids[b * targetLength] = startId;
      for (int t = 0; t < row.length; t++) {
        mask[b * targetLength + t] = 1;
        if (t > 0 && row[t - 1] != IGNORED) {
          ids[b * targetLength + t] = row[t - 1];
        }
      }
    }
    tensors.put(DECODER_INPUT_IDS, Tensor.of(ids, batch, targetLength));
    tensors.put(DECODER_TOKEN_MASK, Tensor.of(mask, batch, targetLength));
    tensors.put(
        DECODER_BIAS,
        bias(targets, lengths(targets), targetLength, AttentionPattern.LEFT_TO_RIGHT, true));
  }

  /** A number for every pair of positions, INT {@code [length, length]}. */
  ModelInputs pairs(String name, int tokens, IntBinaryOperator number) {
    long[] numbers = new long[tokens * tokens];
    Arrays.setAll(numbers, i -> number.applyAsInt(i / tokens, i % tokens));
    tensors.put(name, Tensor.of(numbers, tokens, tokens));
    return this;
  }

  private Tensor bias(
      List<int[]> types, int[] firsts, int tokens, AttentionPattern attention, boolean perQuery) {
    int queries = perQuery ? tokens : 1;
    float[] bias = new float[batch * queries * tokens];
    for (int row = 0; row < batch * queries; row++) {
      int[] rowTypes = types.get(row / queries);
      int first = firsts[row / queries];
      int query = row % queries;
      int start = start(query, first, rowTypes.length);
      for (int key = 0; key < tokens; key++) {
        boolean seen =
            key < rowTypes.length
                && start(key, first, rowTypes.length) == start
                && attention.sees(query - start, key - start, rowTypes[key]);
        bias[row * tokens + key] = seen ? 0 : HIDDEN;
      }
    }
    return Tensor.of(bias, batch, 1, queries, tokens);
  }

  private void addSentences(Pooling pooling, List<int[]> ids, int[] firsts) {
    double[] sentences = new double[batch * 2 * length];
    for (int b = 0; b < batch; b++) {
      int row = 2 * b * length;
      pooling.fill(sentences, row, length, 0, firsts[b]);
      pooling.fill(sentences, row + length, length, firsts[b], ids.get(b).length);
    }
    tensors.put(SENTENCES, Tensor.of(sentences, batch, 2, length));
  }

  /** The number of examples. */
  public int batch() {
    return batch;
  }

  /** The length that all rows are padded to. */
  public int length() {
    return length;
  }

  /** The length that all targets are padded to; 0 without any. */
  public int targetLength() {
    return targetLength;
  }

  /**
   * One label per example.
   *
   * @throws IllegalArgumentException if a label is not in {@code [0, classes)}
   */
  public ModelInputs labels(int[] labels, int classes) {
    requireRows(labels.length);
    long[] entries = new long[batch];
    for (int b = 0; b < batch; b++) {
      requireLabel(labels[b], classes);
      entries[b] = (long) b * classes + labels[b];
    }
    tensors.put(LABELS, Tensor.of(entries, batch));
    return this;
  }

  /**
   * One label per token, {@link #IGNORED} where there is none; rows may be shorter than the batch.
   *
   * @throws IllegalArgumentException if a label is not in {@code [0, classes)}
   */
  public ModelInputs tokenLabels(List<int[]> labels, int classes) {
    return tokenLabels(labels, classes, length);
  }

  private ModelInputs tokenLabels(List<int[]> labels, int classes, int tokens) {
    int[] flat = labelsByToken(labels, classes, tokens);
    long[] entries = new long[flat.length];
    Arrays.setAll(entries, at -> flat[at] == IGNORED ? 0 : (long) at * classes + flat[at]);
    tensors.put(LABELS, Tensor.of(entries, batch, tokens));
    return this;
  }

  /**
   * For each token whether it was replaced, 1 or 0, or {@link #IGNORED}; rows may be shorter than
   * the batch.
   *
   * @throws IllegalArgumentException if a label is not one of these
   */
  public ModelInputs replacedTokens(List<int[]> labels) {
    int[] flat = labelsByToken(labels, 2, length);
    float[] targets = new float[flat.length];
    for (int at = 0; at < flat.length; at++) {
      targets[at] = flat[at] == 1 ? 1 : 0;
    }
    tensors.put(TOKEN_TARGETS, Tensor.of(targets, batch, length));
    return this;
  }

  /** The labels of all tokens of the batch, and their weights as an input. */
  private int[] labelsByToken(List<int[]> labels, int classes, int tokens) {
    requireRows(labels.size());
    int[] flat = new int[batch * tokens];
    Arrays.fill(flat, IGNORED);
    double[] weights = new double[batch * tokens];
    for (int b = 0; b < batch; b++) {
      int[] row = labels.get(b);
      long count = Arrays.stream(row).filter(label -> label != IGNORED).count();
      for (int t = 0; t < row.length; t++) {
        if (row[t] != IGNORED) {
          requireLabel(row[t], classes);
          flat[b * tokens + t] = row[t];
          weights[b * tokens + t] = 1.0 / count;
        }
      }
    }
    tensors.put(LABEL_WEIGHTS, Tensor.of(weights, batch, tokens));
    return flat;
  }

  /**
   * The tokens that means are taken over where there are no labels.
   *
   * @param tokens their places in each example
   */
  public ModelInputs answeredTokens(List<int[]> tokens) {
    requireRows(tokens.size());
    double[] weights = new double[batch * length];
    for (int b = 0; b < batch; b++) {
      for (int token : tokens.get(b)) {
        weights[b * length + token] = 1.0 / tokens.get(b).length;
      }
    }
    tensors.put(LABEL_WEIGHTS, Tensor.of(weights, batch, length));
    return this;
  }

  /** One number per example. */
  public ModelInputs targets(double[] targets) {
    requireRows(targets.length);
    tensors.put(TARGETS, Tensor.of(targets, batch));
    return this;
  }

  /** A mask of layer {@code layer} for all examples alike: one number per head or neuron. */
  public ModelInputs mask(Mask kind, int layer, float[] mask) {
    float[][] rows = new float[batch][];
    Arrays.fill(rows, mask);
    return mask(kind, layer, rows);
  }

  /**
   * A mask of layer {@code layer} for each example.
   *
   * @param rows one row per example, all of one length: one number per head or neuron, or one
   *     number
   */
  public ModelInputs mask(Mask kind, int layer, float[][] rows) {
    if (rows.length != batch) {
      throw new IllegalArgumentException(
          "%d rows of a mask for a batch of %d examples".formatted(rows.length, batch));
    }
    int width = rows[0].length;
    float[] flat = new float[batch * width];
    for (int b = 0; b < batch; b++) {
      System.arraycopy(rows[b], 0, flat, b * width, width);
    }
    Tensor tensor = kind == Mask.LAYERS ? Tensor.of(flat, batch) : Tensor.of(flat, batch, width);
    tensors.put(kind.input(layer), tensor);
    return this;
  }

  /** All masks of the kinds given set to one: the model as it is. */
  public ModelInputs ones(Mask kind, TransformerConfig config) {
    for (int layer = 0; layer < config.layers().size(); layer++) {
      int width = kind.width(config.layers().get(layer));
      if (width > 0) {
        float[] mask = new float[width];
        Arrays.fill(mask, 1);
        mask(kind, layer, mask);
      }
    }
    return this;
  }

  /** INT {@code [B, T]}: 1 at tokens, 0 at padding, as tokenizers give it. */
  public Tensor attentionMask() {
    return whole(TOKEN_MASK);
  }

  /** The same of the targets, INT {@code [B, U]}. */
  public Tensor decoderAttentionMask() {
    return whole(DECODER_TOKEN_MASK);
  }

  private Tensor whole(String name) {
    Tensor mask = Objects.requireNonNull(tensors.get(name), name);
    float[] numbers = mask.toFloats();
    long[] whole = new long[numbers.length];
    Arrays.setAll(whole, i -> (long) numbers[i]);
    return Tensor.of(whole, mask.shape());
  }

  /** One more tensor under an input's name. */
  public ModelInputs with(String name, Tensor tensor) {
    tensors.put(name, tensor);
    return this;
  }

  /** The tensors by input name; a run takes those that its graph needs. */
  public Map<String, Tensor> tensors() {
    return Map.copyOf(tensors);
  }

  private void requireRows(int rows) {
    if (rows != batch) {
      throw new IllegalArgumentException(
          "%d rows of labels for a batch of %d examples".formatted(rows, batch));
    }
  }

  private static void requireLabel(int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException("label %d must lie in [0, %d)".formatted(label, classes));
    }
  }
}
