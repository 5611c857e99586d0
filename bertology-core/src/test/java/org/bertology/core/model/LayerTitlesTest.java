package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Stack;
import org.junit.jupiter.api.Test;

class LayerTitlesTest {
  private static LayerGeometry layer(Stack stack) {
    return new LayerGeometry(stack, 2, 4, stack == Stack.CROSS ? 0 : 8);
  }

  @Test
  void layersOfOneStackAreNumbersFromOne() {
    LayerTitles titles =
        LayerTitles.of(List.of(layer(Stack.SINGLE), layer(Stack.SINGLE), layer(Stack.SINGLE)));

    assertThat(titles.all()).containsExactly("1", "2", "3");
    assertThat(titles.of(2)).isEqualTo("3");
    assertThat(titles.haveStacks()).isFalse();
    assertThat(titles.count()).isEqualTo("3 layers");
    assertThat(titles.width()).isEqualTo("layer".length());
  }

  @Test
  void eachStackCountsItsOwnLayersAndIsNamed() {
    LayerTitles titles =
        LayerTitles.of(
            List.of(
                layer(Stack.ENCODER),
                layer(Stack.DECODER),
                layer(Stack.DECODER),
                layer(Stack.CROSS),
                layer(Stack.CROSS)));

    assertThat(titles.all())
        .containsExactly("encoder.1", "decoder.1", "decoder.2", "cross.1", "cross.2");
    assertThat(titles.haveStacks()).isTrue();
    assertThat(titles.width()).isEqualTo("decoder.1".length());
  }

  @Test
  void theCrossAttentionOfADecoderLayerIsNoLayerMore() {
    LayerTitles titles =
        LayerTitles.of(List.of(layer(Stack.ENCODER), layer(Stack.DECODER), layer(Stack.CROSS)));

    assertThat(titles.count()).isEqualTo("1 encoder and 1 decoder layers");
  }
}
