package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatsTest {
  private static final int QUIET_BIT = 0x200;

  @Test
  void everyHalfEqualsItsDefinition() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = Float.intBitsToFloat(HalfFloats.floatBitsOfHalf((short) bits));

      assertThat(Float.compare(value, (float) definition(bits))).as("half %04x", bits).isZero();
    }
  }

  /** IEEE 754-2019, 3.4, with w = 5 and t = 10. */
  private static double definition(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double sign = bits >> 15 == 0 ? 1 : -1;
    if (exponent == 31) {
      return fraction == 0 ? sign / 0 : Double.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb(fraction / 1024.0, -14)
        : sign * Math.scalb(1 + fraction / 1024.0, exponent - 15);
  }

  @Test
  void aHalfNanKeepsItsSignAndPayload() {
    for (int fraction = 1; fraction < 1024; fraction++) {
      assertThat(HalfFloats.floatBitsOfHalf((short) (0xfc00 | fraction)))
          .isEqualTo(0xff80_0000 | fraction << 13);
    }
  }

  @Test
  void everyHalfSurvivesTheWayToFloatAndBack() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      boolean nan = (bits & 0x7fff) > 0x7c00;
      int expected = nan ? bits | QUIET_BIT : bits;

      int back = HalfFloats.halfOfFloatBits(HalfFloats.floatBitsOfHalf((short) bits)) & 0xffff;

      assertThat(back).as("half %04x", bits).isEqualTo(expected);
    }
  }

  @Test
  void betweenTwoHalvesTheNearestWinsAndTiesGoToTheEvenOne() {
    for (int lower = 0; lower < 0x7bff; lower++) {
      float middle = (float) ((definition(lower) + definition(lower + 1)) / 2);
      int even = (lower & 1) == 0 ? lower : lower + 1;

      assertThat(half(Math.nextDown(middle))).as("below %s", middle).isEqualTo(lower);
      assertThat(half(middle)).as("at %s", middle).isEqualTo(even);
      assertThat(half(Math.nextUp(middle))).as("above %s", middle).isEqualTo(lower + 1);
      assertThat(half(-Math.nextUp(middle))).isEqualTo(0x8000 | lower + 1);
    }
  }

  @Test
  void valuesBeyondTheRangeBecomeInfinite() {
    assertThat(half(Math.nextDown(65520f))).isEqualTo(0x7bff);
    assertThat(half(65520f)).isEqualTo(0x7c00);
    assertThat(half(Float.MAX_VALUE)).isEqualTo(0x7c00);
    assertThat(half(Float.NEGATIVE_INFINITY)).isEqualTo(0xfc00);
  }

  @Test
  void aNanWhosePayloadIsCutOffStaysNan() {
    short half = HalfFloats.halfOfFloatBits(0x7f80_0001);

    assertThat(half & 0x7fff).isGreaterThan(0x7c00);
  }

  @Test
  void aBfloatIsTheUpperHalfOfAFloat() {
    assertThat(HalfFloats.floatBitsOfBfloat((short) 0x3fc0))
        .isEqualTo(Float.floatToRawIntBits(1.5f));
    assertThat(HalfFloats.floatBitsOfBfloat((short) 0xff81)).isEqualTo(0xff81_0000);
    assertThat(HalfFloats.floatBitsOfBfloat((short) 0x0001)).isEqualTo(0x0001_0000);
  }

  @Test
  void everyBfloatIsItsOwnNearest() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      boolean nan = (bits & 0x7fff) > 0x7f80;
      int back = HalfFloats.bfloatOfFloatBits(HalfFloats.floatBitsOfBfloat((short) bits)) & 0xffff;

      assertThat(back).isEqualTo(nan ? bits | 0x40 : bits);
    }
  }

  @Test
  void floatsBetweenTwoBfloatsGoToTheNearestAndFromTheMiddleToTheEvenOne() {
    for (int lower : new int[] {0x0000, 0x0001, 0x3f80, 0x3f81, 0x7f7e, 0xbf80, 0xbf81}) {
      int middle = lower << 16 | 0x8000;

      assertThat(bfloat(middle - 1)).isEqualTo(lower);
      assertThat(bfloat(middle)).isEqualTo(lower + (lower & 1));
      assertThat(bfloat(middle + 1)).isEqualTo(lower + 1);
    }
  }

  @Test
  void floatsBeyondTheRangeOfBfloatsBecomeInfiniteAndNanStaysNan() {
    assertThat(bfloat(Float.floatToRawIntBits(HalfFloats.MAX_BFLOAT))).isEqualTo(0x7f7f);
    assertThat(bfloat(Float.floatToRawIntBits(Float.MAX_VALUE))).isEqualTo(0x7f80);
    assertThat(bfloat(Float.floatToRawIntBits(-Float.MAX_VALUE))).isEqualTo(0xff80);
    assertThat(bfloat(0x7f80_0001) & 0x7fff).isGreaterThan(0x7f80);
    assertThat(bfloat(0xffff_ffff) & 0x7fff).isGreaterThan(0x7f80);
  }

  private static int bfloat(int bits) {
    return HalfFloats.bfloatOfFloatBits(bits) & 0xffff;
  }

  private static int half(float value) {
    return HalfFloats.halfOfFloatBits(Float.floatToRawIntBits(value)) & 0xffff;
  }
}
