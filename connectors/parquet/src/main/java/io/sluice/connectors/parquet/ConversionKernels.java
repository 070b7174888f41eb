package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.copyMemory;
import static org.apache.arrow.memory.util.MemoryUtil.getByte;
import static org.apache.arrow.memory.util.MemoryUtil.getInt;
import static org.apache.arrow.memory.util.MemoryUtil.getLong;
import static org.apache.arrow.memory.util.MemoryUtil.getShort;
import static org.apache.arrow.memory.util.MemoryUtil.putByte;
import static org.apache.arrow.memory.util.MemoryUtil.putInt;
import static org.apache.arrow.memory.util.MemoryUtil.putLong;
import static org.apache.arrow.memory.util.MemoryUtil.putShort;

import java.math.BigInteger;

/** PLAIN values to Arrow values. All bounds were checked by the caller. */
final class ConversionKernels {
  private static final long JULIAN_EPOCH = 2_440_588;
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;
  private static final BigInteger DECIMAL_LIMIT = BigInteger.TEN.pow(38);

  private ConversionKernels() {}

  /**
   * Converts {@code count} values of fixed width.
   *
   * @throws InexactValue where a value has no equal in the target type
   */
  static void convert(Conversion conversion, long from, long to, int count) {
    long factor = conversion.factor();
    int width = conversion.sourceWidth();
    switch (conversion.op()) {
      case COPY -> copyMemory(from, to, (long) count * width);
      case INT_TO_BYTE -> intToByte(from, to, count);
      case INT_TO_SHORT -> intToShort(from, to, count);
      case INT_TO_LONG -> {
        for (int i = 0; i < count; i++) {
          putLong(to + ((long) i << 3), getInt(from + ((long) i << 2)));
        }
      }
      case UINT_TO_LONG -> {
        for (int i = 0; i < count; i++) {
          putLong(to + ((long) i << 3), getInt(from + ((long) i << 2)) & 0xFFFFFFFFL);
        }
      }
      case FLOAT_TO_DOUBLE -> {
        for (int i = 0; i < count; i++) {
          float value = Float.intBitsToFloat(getInt(from + ((long) i << 2)));
          putLong(to + ((long) i << 3), Double.doubleToRawLongBits(value));
        }
      }
      case HALF_TO_FLOAT -> {
        for (int i = 0; i < count; i++) {
          float value = Float.float16ToFloat(getShort(from + ((long) i << 1)));
          putInt(to + ((long) i << 2), Float.floatToRawIntBits(value));
        }
      }
      case HALF_TO_DOUBLE -> {
        for (int i = 0; i < count; i++) {
          double value = Float.float16ToFloat(getShort(from + ((long) i << 1)));
          putLong(to + ((long) i << 3), Double.doubleToRawLongBits(value));
        }
      }
      case INT_TIMES -> {
        for (int i = 0; i < count; i++) {
          putLong(to + ((long) i << 3), times(getInt(from + ((long) i << 2)), factor));
        }
      }
      case LONG_TIMES -> {
        for (int i = 0; i < count; i++) {
          putLong(to + ((long) i << 3), times(getLong(from + ((long) i << 3)), factor));
        }
      }
      case LONG_OVER -> {
        for (int i = 0; i < count; i++) {
          putLong(to + ((long) i << 3), over(getLong(from + ((long) i << 3)), factor));
        }
      }
      case INT96 -> {
        for (int i = 0; i < count; i++) {
          putLong(to + ((long) i << 3), int96(from + 12L * i, factor));
        }
      }
      case INT_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          putDecimal(to + ((long) i << 4), getInt(from + ((long) i << 2)), factor);
        }
      }
      case LONG_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          putDecimal(to + ((long) i << 4), getLong(from + ((long) i << 3)), factor);
        }
      }
      case ULONG_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          putDecimal(to + ((long) i << 4), 0, getLong(from + ((long) i << 3)), factor);
        }
      }
      case FIXED_TO_DECIMAL -> {
        for (int i = 0; i < count; i++) {
          bytesToDecimal(from + (long) i * width, width, to + ((long) i << 4), factor);
        }
      }
      case ALL_NULL, BITS, BINARY, FIXED_BINARY, BINARY_TO_DECIMAL ->
          throw new AssertionError(conversion);
    }
  }

  private static void intToByte(long from, long to, int count) {
    for (int i = 0; i < count; i++) {
      int value = getInt(from + ((long) i << 2));
      if (value != (byte) value) {
        throw new InexactValue(value + " is no TINYINT");
      }
      putByte(to + i, (byte) value);
    }
  }

  private static void intToShort(long from, long to, int count) {
    for (int i = 0; i < count; i++) {
      int value = getInt(from + ((long) i << 2));
      if (value != (short) value) {
        throw new InexactValue(value + " is no SMALLINT");
      }
      putShort(to + ((long) i << 1), (short) value);
    }
  }

  private static long times(long value, long factor) {
    long product = value * factor;
    if (Math.multiplyHigh(value, factor) != product >> 63) {
      throw new InexactValue("time " + value + " is out of range");
    }
    return product;
  }

  private static long over(long value, long factor) {
    long quotient = value / factor;
    if (quotient * factor != value) {
      throw new InexactValue(
          "time of "
              + value
              + " nanoseconds cannot be read as microseconds without loss; "
              + "precision 9 keeps it");
    }
    return quotient;
  }

  /** Nanoseconds of the day, then the Julian day; {@code unit} in nanoseconds. */
  static long int96(long at, long unit) {
    long days = getInt(at + 8) - JULIAN_EPOCH;
    return Math.addExact(
        times(days, NANOS_PER_DAY / unit), unit == 1 ? getLong(at) : over(getLong(at), unit));
  }

  private static void putDecimal(long to, long value, long digits) {
    putDecimal(to, value >> 63, value, digits);
  }

  private static void putDecimal(long to, long high, long low, long digits) {
    if (digits == 0) {
      putLong(to, low);
      putLong(to + 8, high);
      return;
    }
    BigInteger value =
        BigInteger.valueOf(high)
            .shiftLeft(64)
            .add(BigInteger.valueOf(low >>> 1).shiftLeft(1))
            .add(BigInteger.valueOf(low & 1))
            .multiply(BigInteger.TEN.pow((int) digits));
    if (value.abs().compareTo(DECIMAL_LIMIT) >= 0) {
      throw new InexactValue("a decimal has more than 38 digits");
    }
    putLong(to, value.longValue());
    putLong(to + 8, value.shiftRight(64).longValue());
  }

  /** A big-endian number of {@code width} bytes; 8 bytes around it must be readable. */
  static void bytesToDecimal(long from, int width, long to, long digits) {
    long high;
    long low;
    if (width <= 0) {
      throw new CorruptPage("a decimal without bytes");
    } else if (width <= 8) {
      low = Long.reverseBytes(getLong(from)) >> (64 - (width << 3));
      high = low >> 63;
    } else if (width <= 16) {
      low = Long.reverseBytes(getLong(from + width - 8));
      high = Long.reverseBytes(getLong(from)) >> (128 - (width << 3));
    } else {
      low = Long.reverseBytes(getLong(from + width - 8));
      high = Long.reverseBytes(getLong(from + width - 16));
      byte sign = (byte) (high >> 63);
      for (int i = 0; i < width - 16; i++) {
        if (getByte(from + i) != sign) {
          throw new InexactValue("a decimal has more than 38 digits");
        }
      }
    }
    putDecimal(to, high, low, digits);
  }
}
