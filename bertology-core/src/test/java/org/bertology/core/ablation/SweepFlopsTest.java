package org.bertology.core.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.graph.Flops;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.rewrite.Narrowing;
import org.bertology.api.rewrite.Split;
import org.junit.jupiter.api.Test;

/**
 * What leaving out each head of a classifier costs, counted from the graphs that run, against the
 * textbook formulas of a transformer. T tokens, W width, F neurons.
 */
class SweepFlopsTest {
  private static final int LAYERS = 6;
  private static final int HEADS = 12;
  private static final long T = 27;
  private static final long W = 384;
  private static final long F = 1536;
  private static final int LABELS = 2;
  private static final List<String> OUTPUTS = List.of(Hooks.LOGITS, Hooks.LOSS);
  private static final Map<String, Long> EXTENTS = Map.of("batch", 1L, "sequence", T);

  /** The size of MiniLM. */
  private static final TransformerConfig CONFIG =
      new TransformerConfig(
          new Bert(),
          100,
          (int) W,
          Collections.nCopies(LAYERS, new LayerGeometry(HEADS, (int) W / HEADS, (int) F)),
          128,
          2,
          1e-12,
          Activation.GELU,
          LABELS);

  private final Graph whole =
      Narrowing.of(
          ModelDefinition.of(CONFIG, Task.SEQUENCE_CLASSIFICATION, Set.of(Mask.HEADS)).graph(),
          OUTPUTS);

  private Split split(int layer) {
    return Split.of(whole, OUTPUTS, Set.of(Mask.HEADS.input(layer)));
  }

  private static long linear(long rows, long in, long out) {
    return 2 * rows * in * out;
  }

  /** What comes after the contexts of a layer of which some rows are read. */
  private static long aboveContexts(long rows) {
    return linear(rows, W, W) + 2 * linear(rows, W, F);
  }

  /** The queries of the rows that are read; keys, values and products with all tokens. */
  private static long attention(long rows) {
    return linear(rows, W, W) + 2 * linear(T, W, W) + 2 * (2 * rows * T * W);
  }

  private static long head() {
    return linear(1, W, W) + linear(1, W, LABELS);
  }

  private static long rows(int layer) {
    return layer == LAYERS - 1 ? 1 : T;
  }

  @Test
  void aHeadThatIsLeftOutCostsWhatIsAboveTheContextsOfItsLayer() {
    for (int layer = 0; layer < LAYERS; layer++) {
      long expected = head() + aboveContexts(rows(layer));
      for (int above = layer + 1; above < LAYERS; above++) {
        expected += attention(rows(above)) + aboveContexts(rows(above));
      }

      long flops = Flops.of(split(layer).suffix(), OUTPUTS, EXTENTS);

      assertThat(flops).as("layer %d", layer).isEqualTo(expected);
    }
  }

  @Test
  void leavingOutEachHeadTakesTwoFifthsOfAsManyWholeRuns() {
    Map<String, Value> handedOver = new LinkedHashMap<>();
    long sweep = 0;
    for (int layer = 0; layer < LAYERS; layer++) {
      Split split = split(layer);
      split.handedOver().forEach(name -> handedOver.put(name, split.prefix().value(name)));
      sweep += HEADS * Flops.of(split.suffix(), OUTPUTS, EXTENTS);
    }
    sweep += Flops.of(whole.with(handedOver), List.copyOf(handedOver.keySet()), EXTENTS);

    Graph full = ModelDefinition.of(CONFIG, Task.SEQUENCE_CLASSIFICATION, Set.of()).graph();
    long runs = LAYERS * HEADS * Flops.of(full, OUTPUTS, EXTENTS);
    assertThat((double) sweep / runs).isBetween(0.40, 0.43);
  }
}
