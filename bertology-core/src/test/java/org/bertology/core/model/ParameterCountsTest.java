package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.junit.jupiter.api.Test;

/** Counts of BERT-base that are published, or follow from published ones. */
class ParameterCountsTest {
  private static final LayerGeometry BASE = new LayerGeometry(12, 64, 3072);

  static TransformerConfig base(List<LayerGeometry> layers) {
    return new TransformerConfig(new Bert(), 30522, 768, layers, 512, 2, 1e-12, Activation.GELU, 3);
  }

  private static TransformerConfig base() {
    return base(Collections.nCopies(12, BASE));
  }

  @Test
  void bertBaseWithThreeLabels() {
    ParameterCounts counts = ParameterCounts.of(base(), Task.SEQUENCE_CLASSIFICATION);

    assertThat(counts.total()).isEqualTo(109_484_547);
    assertThat(counts.embeddings()).isEqualTo((30522 + 512 + 2 + 2) * 768);
    assertThat(counts.attention()).hasSize(12).containsOnly(4L * (768 * 768 + 768) + 2 * 768);
    assertThat(counts.feedforward())
        .hasSize(12)
        .containsOnly(2L * 768 * 3072 + 3072 + 768 + 2 * 768);
    assertThat(counts.head()).isEqualTo(768 * 768 + 768 + 3 * 768 + 3);
  }

  @Test
  void anEncoderHasThePoolerButNoClassifier() {
    assertThat(ParameterCounts.of(base(), Task.ENCODER).total()).isEqualTo(109_482_240);
  }

  @Test
  void aMaskedLanguageModelSharesItsDecoder() {
    ParameterCounts counts = ParameterCounts.of(base(), Task.MASKED_LM);

    assertThat(counts.head()).isEqualTo(768 * 768 + 768 + 2 * 768 + 30522);
  }

  @Test
  void aHeadLessIsItsQueriesKeysValuesAndOutputs() {
    List<LayerGeometry> layers = new ArrayList<>(base().layers());
    layers.set(5, new LayerGeometry(11, 64, 3072));

    ParameterCounts counts = ParameterCounts.of(base(layers), Task.SEQUENCE_CLASSIFICATION);

    assertThat(counts.total()).isEqualTo(109_287_747);
    assertThat(counts.attention().get(4) - counts.attention().get(5)).isEqualTo(196_800);
  }

  @Test
  void aLayerWithoutHeadsOrNeuronsKeepsBiasesAndNorms() {
    List<LayerGeometry> layers = new ArrayList<>(base().layers());
    layers.set(0, new LayerGeometry(0, 64, 0));

    ParameterCounts counts = ParameterCounts.of(base(layers), Task.SEQUENCE_CLASSIFICATION);

    assertThat(counts.attention().get(0)).isEqualTo(3 * 768);
    assertThat(counts.feedforward().get(0)).isEqualTo(3 * 768);
  }
}
