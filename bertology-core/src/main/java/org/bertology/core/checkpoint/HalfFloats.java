package org.bertology.core.checkpoint;

/**
 * Conversions between 16-bit floating-point formats and float, as bit patterns: a signalling NaN
 * would not survive as a value on every processor.
 */
final class HalfFloats {
  /** The largest finite binary16. */
  static final float MAX_HALF = 65504f;

  /** The largest finite bfloat16. */
  static final float MAX_BFLOAT = 0x1.fep127f;

  private static final int FLOAT_INFINITY = 0x7f80_0000;

  private HalfFloats() {}

  /** The bits of the float that equals a binary16; NaN keeps sign and payload. */
  static int floatBitsOfHalf(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0x1f) {
      return sign | FLOAT_INFINITY | fraction << 13;
    }
    if (exponent == 0) {
      // Subnormal or zero: fraction * 2^-24, which float holds as a normal number.
      return sign | Float.floatToRawIntBits(fraction * 0x1p-24f);
    }
    return sign | (exponent + 127 - 15) << 23 | fraction << 13;
  }

  /** The bits of the float that equals a bfloat16. */
  static int floatBitsOfBfloat(short bfloat) {
    return bfloat << 16;
  }

  /**
   * The binary16 nearest to the float with these bits, ties to even; beyond the range it is
   * infinite, and NaN stays NaN.
   */
  static short halfOfFloatBits(int bits) {
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fff_ffff;
    if (magnitude > FLOAT_INFINITY) {
      // The quiet bit keeps the fraction from becoming zero, which would mean infinity.
      return (short) (sign | 0x7e00 | magnitude >> 13 & 0x3ff);
    }
    if (magnitude >= Float.floatToRawIntBits(65520f)) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < Float.floatToRawIntBits(0x1p-14f)) {
      // Subnormal: the sum's last bit is worth 2^-24, so the addition does the rounding.
      float sum = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | Float.floatToRawIntBits(sum) - Float.floatToRawIntBits(0.5f));
    }
    int rounding = 0xfff + (magnitude >> 13 & 1);
    return (short) (sign | magnitude + rounding - (127 - 15 << 23) >> 13);
  }

  /**
   * The bfloat16 nearest to the float with these bits, ties to even; beyond the range it is
   * infinite, and NaN stays NaN.
   */
  static short bfloatOfFloatBits(int bits) {
    if ((bits & 0x7fff_ffff) > FLOAT_INFINITY) {
      // The quiet bit keeps the fraction from becoming zero, which would mean infinity.
      return (short) (bits >>> 16 | 0x40);
    }
    int even = bits >>> 16 & 1;
    return (short) (bits + 0x7fff + even >>> 16);
  }
}
