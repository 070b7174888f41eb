package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.memory.ArrowBuf;

/** Unscaled decimals: 128-bit two's complement, the low word first. */
public final class Int128 {
  static final BigInteger[] POWERS = new BigInteger[78];
  private static final long[] LONG_POWERS = new long[19];

  static {
    BigInteger power = BigInteger.ONE;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      if (i < LONG_POWERS.length) {
        LONG_POWERS[i] = power.longValueExact();
      }
      power = power.multiply(BigInteger.TEN);
    }
  }

  private Int128() {}

  /** 10 to the power of {@code exponent}, at most 18. */
  public static long power(int exponent) {
    return LONG_POWERS[exponent];
  }

  /** 10 to the power of {@code exponent}, at most 77. */
  public static BigInteger bigPower(int exponent) {
    return POWERS[exponent];
  }

  /** Whether the value at the byte position is one of 64 bits. */
  public static boolean isLong(ArrowBuf data, long at) {
    return data.getLong(at + 8) == data.getLong(at) >> 63;
  }

  public static void setLong(ArrowBuf data, long at, long value) {
    data.setLong(at, value);
    data.setLong(at + 8, value >> 63);
  }

  public static BigInteger get(ArrowBuf data, long at) {
    long low = data.getLong(at);
    long high = data.getLong(at + 8);
    if (high == low >> 63) {
      return BigInteger.valueOf(low);
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >> (56 - 8 * i));
      bytes[8 + i] = (byte) (low >> (56 - 8 * i));
    }
    return new BigInteger(bytes);
  }

  /** Stores a value of at most 127 bits and a sign. */
  public static void set(ArrowBuf data, long at, BigInteger value) {
    data.setLong(at, value.longValue());
    data.setLong(at + 8, value.shiftRight(64).longValue());
  }

  /** A row as a decimal of the type's scale. */
  public static BigDecimal decimal(Values values, int row) {
    int at = values.isConstant() ? 0 : row;
    return new BigDecimal(get(values.data(), (long) at << 4), DecimalTypes.scale(values.type()));
  }

  /** Whether the unscaled value has at most {@code precision} digits. */
  public static boolean fits(BigInteger value, int precision) {
    return (value.bitLength() <= 63 && precision >= 19)
        || value.abs().compareTo(POWERS[precision]) < 0;
  }

  /** Whether the unscaled value has at most {@code precision} digits. */
  public static boolean fits(long value, int precision) {
    return precision > 18 || (value < LONG_POWERS[precision] && value > -LONG_POWERS[precision]);
  }

  static EngineException overflow(Values out, String expression) {
    return new EngineException(
        ErrorCode.NUMERIC_OVERFLOW, expression + " is out of range for " + out.type().sql());
  }
}
