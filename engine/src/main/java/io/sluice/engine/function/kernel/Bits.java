package io.sluice.engine.function.kernel;

import org.apache.arrow.memory.ArrowBuf;

/** Bitmaps as 64-bit words, the least significant bit first. Buffers hold whole words. */
public final class Bits {
  private Bits() {}

  /** Bytes of a bitmap of whole words. */
  public static long bytes(int rows) {
    return Math.max(8L, ((rows + 63L) >>> 6) << 3);
  }

  public static int words(int rows) {
    return (rows + 63) >>> 6;
  }

  /** The bits of the last word that belong to rows. */
  public static long tail(int rows) {
    return (rows & 63) == 0 ? -1L : (1L << rows) - 1;
  }

  /** Word {@code word} of a bitmap over {@code rows} rows, which need not hold whole words. */
  public static long word(ArrowBuf bits, int word, int rows) {
    long at = (long) word << 3;
    if (at + 8 <= bits.capacity()) {
      return bits.getLong(at);
    }
    long value = 0;
    int end = (rows + 7) >>> 3;
    for (int i = (int) at; i < end; i++) {
      value |= (bits.getByte(i) & 0xffL) << (8 * (i - at));
    }
    return value;
  }

  public static void fill(ArrowBuf bits, int rows) {
    int words = words(rows);
    for (int w = 0; w < words; w++) {
      bits.setLong((long) w << 3, -1L);
    }
  }

  public static void clear(ArrowBuf bits, int rows) {
    int words = words(rows);
    for (int w = 0; w < words; w++) {
      bits.setLong((long) w << 3, 0L);
    }
  }

  public static boolean get(ArrowBuf bits, int row) {
    return ((bits.getByte(row >> 3) >> (row & 7)) & 1) != 0;
  }

  public static void set(ArrowBuf bits, int row, boolean value) {
    int at = row >> 3;
    int mask = 1 << (row & 7);
    int old = bits.getByte(at);
    bits.setByte(at, value ? old | mask : old & ~mask);
  }

  public static boolean allSet(ArrowBuf bits, int rows) {
    int words = words(rows);
    for (int w = 0; w < words; w++) {
      long wanted = w == words - 1 ? tail(rows) : -1L;
      if ((word(bits, w, rows) & wanted) != wanted) {
        return false;
      }
    }
    return true;
  }

  public static int count(ArrowBuf bits, int rows) {
    int words = words(rows);
    int count = 0;
    for (int w = 0; w < words; w++) {
      long wanted = w == words - 1 ? tail(rows) : -1L;
      count += Long.bitCount(word(bits, w, rows) & wanted);
    }
    return count;
  }

  /** The validity of a result that is NULL where any argument is. */
  public static void strictValidity(Values[] arguments, Values out, int rows) {
    int words = words(rows);
    ArrowBuf to = out.validity();
    for (Values argument : arguments) {
      if (!argument.hasNulls() || argument.isConstant()) {
        continue;
      }
      ArrowBuf from = argument.validity();
      for (int w = 0; w < words; w++) {
        to.setLong((long) w << 3, to.getLong((long) w << 3) & word(from, w, rows));
      }
      out.validityWritten();
    }
  }

  /** The validity of 64 rows, of any form. */
  public static long validWord(Values values, int word, int rows) {
    if (!values.hasNulls()) {
      return -1L;
    }
    return values.isConstant() ? 0L : word(values.validity(), word, rows);
  }

  /** The values of 64 BOOLEAN rows, of any form. */
  public static long valueWord(Values values, int word, int rows) {
    if (values.isConstant()) {
      return values.bit(0) ? -1L : 0L;
    }
    return word(values.data(), word, rows);
  }

  public static void negate(ArrowBuf bits, int rows) {
    int words = words(rows);
    for (int w = 0; w < words; w++) {
      bits.setLong((long) w << 3, ~bits.getLong((long) w << 3));
    }
  }
}
