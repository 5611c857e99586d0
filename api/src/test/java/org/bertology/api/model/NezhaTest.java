package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bertology.api.contract.TinyModels;
import org.junit.jupiter.api.Test;

class NezhaTest {
  /** Float arithmetic of angles up to 254. */
  private static final double ROUNDING = 2e-5;

  @Test
  void distancesAreWavesOfFallingFrequency() {
    double[] table = Nezha.waves(127, 6).toDoubles();

    assertThat(table).hasSize(255 * 6);
    for (int row = 0; row < 255; row++) {
      for (int wave = 0; wave < 3; wave++) {
        double angle = row / Math.pow(10_000, wave / 3.0);
        assertThat(table[row * 6 + 2 * wave]).isCloseTo(Math.sin(angle), within(ROUNDING));
        assertThat(table[row * 6 + 2 * wave + 1]).isCloseTo(Math.cos(angle), within(ROUNDING));
      }
    }
  }

  @Test
  void tokensThatAreFarApartAreAlike() {
    TransformerConfig config = TinyModels.uneven(2).withFamily(new Nezha(2));

    ModelInputs inputs = ModelInputs.of(config, List.of(new int[5]), List.of(new int[5]), 0);

    assertThat(inputs.tensors().get(ModelInputs.DISTANCES).toLongs())
        .containsExactly(
            2, 3, 4, 4, 4, //
            1, 2, 3, 4, 4, //
            0, 1, 2, 3, 4, //
            0, 0, 1, 2, 3, //
            0, 0, 0, 1, 2);
  }
}
