package org.bertology.core.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedRatioTest {
  private static final double TOLERANCE = 1e-12;

  @Test
  void ratesAreThoseOfThePasses() {
    Timings timings = new Timings(List.of(2.0, 1.0, 4.0, 0.5, 8.0), 8);

    assertThat(timings.median()).isEqualTo(4);
    assertThat(timings.p10()).isCloseTo(1 + 0.4, within(TOLERANCE));
    assertThat(timings.p90()).isCloseTo(8 + 0.6 * 8, within(TOLERANCE));
  }

  @Test
  void neighbouringPassesAreCompared() {
    Timings cut = new Timings(List.of(1.0, 2.0, 10.0), 4);
    Timings dense = new Timings(List.of(2.0, 4.0, 20.0), 4);

    SpeedRatio ratio = SpeedRatio.of(cut, dense);

    assertThat(ratio).isEqualTo(new SpeedRatio(2, 2, 2));
    assertThat(ratio.isGain()).isTrue();
    assertThat(ratio.isLoss()).isFalse();
  }

  @Test
  void ratiosAroundOneAreNoGain() {
    Timings one = new Timings(List.of(1.0, 1.1, 0.9, 1.0, 1.05, 0.95), 4);
    Timings other = new Timings(List.of(1.1, 1.0, 1.0, 0.9, 0.95, 1.05), 4);

    SpeedRatio ratio = SpeedRatio.of(one, other);

    assertThat(ratio.low()).isLessThan(1);
    assertThat(ratio.high()).isGreaterThan(1);
    assertThat(ratio.isGain() || ratio.isLoss()).isFalse();
    assertThat(SpeedRatio.of(one, other)).isEqualTo(ratio);
  }

  @Test
  void seriesOfDifferentLengthsAreRefused() {
    Timings one = new Timings(List.of(1.0), 4);
    Timings other = new Timings(List.of(1.0, 1.0), 4);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpeedRatio.of(one, other))
        .withMessage("passes are compared in pairs, got 1 and 2");
  }
}
