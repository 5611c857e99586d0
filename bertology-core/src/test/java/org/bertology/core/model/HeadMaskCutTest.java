package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bertology.api.model.Activation;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.TransformerConfig;
import org.junit.jupiter.api.Test;

class HeadMaskCutTest {
  private static final TransformerConfig CONFIG =
      new TransformerConfig(
          50,
          8,
          List.of(new LayerGeometry(4, 2, 16), new LayerGeometry(3, 2, 16)),
          20,
          2,
          1e-12,
          Activation.GELU,
          2);

  @Test
  void cuttingLeavesTheHeadsThatAreNotMasked() {
    HeadMask mask = HeadMask.parse("1:1,2,3,4 2:3", CONFIG);

    TransformerConfig cut = mask.cut(CONFIG);

    assertThat(cut.layers())
        .containsExactly(new LayerGeometry(0, 2, 16), new LayerGeometry(2, 2, 16));
    assertThat(cut.hiddenSize()).isEqualTo(CONFIG.hiddenSize());
  }

  @Test
  void factorsAreListedByLayer() {
    HeadMask mask = HeadMask.parse("1:2 2:3", CONFIG);

    assertThat(mask.factors()).isDeepEqualTo(new double[][] {{1, 0, 1, 1}, {1, 1, 0}});
  }
}
