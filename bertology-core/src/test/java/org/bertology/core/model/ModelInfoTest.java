package org.bertology.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Task;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.StoredType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInfoTest {
  @TempDir Path directory;

  @Test
  void aModelIsDescribedWithoutRunningIt() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-sequence-classification")) {
      ModelInfo info = ModelInfo.of(golden.model(), 2, 10);

      LayerGeometry layer = new LayerGeometry(4, 8, 48);
      assertThat(info.family()).isEqualTo("bert");
      assertThat(info.task()).isEqualTo(Task.SEQUENCE_CLASSIFICATION);
      assertThat(info.layers()).isEqualTo(List.of(layer, layer, layer));
      assertThat(info.totalHeads()).isEqualTo(12);
      assertThat(info.hiddenSize()).isEqualTo(32);
      assertThat(info.vocabularySize()).isEqualTo(97);
      assertThat(info.positions()).isEqualTo(40);
      assertThat(info.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
      assertThat(info.flops())
          .isEqualTo(ModelFlops.of(golden.model().config(), Task.SEQUENCE_CLASSIFICATION, 2, 10));
    }
  }

  @Test
  void everyStoredNumberIsAParameterOfThisModel() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-sequence-classification")) {
      ModelInfo info = ModelInfo.of(golden.model(), 1, 8);

      long total = info.parameters().total();
      assertThat(total).isEqualTo(golden.model().parameterCount());
      assertThat(info.stored()).isEqualTo(new StoredSize(4 * total, Map.of(StoredType.F32, total)));
    }
  }

  @Test
  void tiedAndUnusedParametersAreTold() {
    try (GoldenModel golden = new GoldenModel(directory, "bert-masked-lm")) {
      ParameterTable table = ParameterTable.of(golden.model(), 1, 8);

      ParameterTable.Row words =
          table.rows().stream()
              .filter(row -> row.name().equals("bert.embeddings.word_embeddings.weight"))
              .findFirst()
              .orElseThrow();
      assertThat(words.shape()).containsExactly(97L, 32L);
      assertThat(words.use()).isEqualTo(ParameterTable.Use.TIED);
      assertThat(words.places()).isEqualTo(2);
      assertThat(words.flops()).isEqualTo(2 * 8 * 32 * 97);
    }
  }
}
