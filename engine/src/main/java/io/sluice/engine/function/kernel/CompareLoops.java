package io.sluice.engine.function.kernel;

import org.apache.arrow.memory.ArrowBuf;

/**
 * Less-than and equality into bitmaps, one loop per layout. The other four comparisons follow by
 * swapping and negation, as the order is total: NaN equals NaN and is the greatest, -0.0 equals
 * 0.0, strings are ordered by their bytes.
 */
public final class CompareLoops {
  private CompareLoops() {}

  /** {@code a < b} for every row. */
  public static void less(Values a, Values b, int count, ArrowBuf out) {
    switch (a.layout()) {
      case INT8 -> lessInt8(a, b, count, out);
      case INT16 -> lessInt16(a, b, count, out);
      case INT32 -> lessInt32(a, b, count, out);
      case INT64 -> lessInt64(a, b, count, out);
      case FLOAT32 -> lessFloat32(a, b, count, out);
      case FLOAT64 -> lessFloat64(a, b, count, out);
      case INT128 -> {
        if (oneWord(a) && oneWord(b)) {
          lessLowWord(a, b, count, out);
        } else {
          lessInt128(a, b, count, out);
        }
      }
      case BYTES -> lessBytes(a, b, count, out);
      case FIXED16 -> lessFixed16(a, b, count, out);
      case BIT -> lessBit(a, b, count, out);
      case NONE, NESTED -> throw new AssertionError(a.type());
    }
  }

  /** {@code a = b} for every row. */
  public static void equal(Values a, Values b, int count, ArrowBuf out) {
    switch (a.layout()) {
      case INT8 -> equalInt8(a, b, count, out);
      case INT16 -> equalInt16(a, b, count, out);
      case INT32 -> equalInt32(a, b, count, out);
      case INT64 -> equalInt64(a, b, count, out);
      case FLOAT32 -> equalFloat32(a, b, count, out);
      case FLOAT64 -> equalFloat64(a, b, count, out);
      case INT128, FIXED16 -> {
        if (a.layout() == Layout.INT128 && oneWord(a) && oneWord(b)) {
          equalLowWord(a, b, count, out);
        } else {
          equalInt128(a, b, count, out);
        }
      }
      case BYTES -> equalBytes(a, b, count, out);
      case BIT -> equalBit(a, b, count, out);
      case NONE, NESTED -> throw new AssertionError(a.type());
    }
  }

  private static void lessInt8(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |= (x.getByte(i & maskA) < y.getByte(i & maskB) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalInt8(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |= (x.getByte(i & maskA) == y.getByte(i & maskB) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void lessInt16(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getShort((long) (i & maskA) << 1) < y.getShort((long) (i & maskB) << 1) ? 1L : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalInt16(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getShort((long) (i & maskA) << 1) == y.getShort((long) (i & maskB) << 1) ? 1L : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void lessInt32(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getInt((long) (i & maskA) << 2) < y.getInt((long) (i & maskB) << 2) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalInt32(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getInt((long) (i & maskA) << 2) == y.getInt((long) (i & maskB) << 2) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void lessInt64(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getLong((long) (i & maskA) << 3) < y.getLong((long) (i & maskB) << 3) ? 1L : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalInt64(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getLong((long) (i & maskA) << 3) == y.getLong((long) (i & maskB) << 3) ? 1L : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void lessFloat32(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (less(x.getFloat((long) (i & maskA) << 2), y.getFloat((long) (i & maskB) << 2))
                    ? 1L
                    : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalFloat32(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (equal(x.getFloat((long) (i & maskA) << 2), y.getFloat((long) (i & maskB) << 2))
                    ? 1L
                    : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void lessFloat64(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (less(x.getDouble((long) (i & maskA) << 3), y.getDouble((long) (i & maskB) << 3))
                    ? 1L
                    : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalFloat64(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (equal(x.getDouble((long) (i & maskA) << 3), y.getDouble((long) (i & maskB) << 3))
                    ? 1L
                    : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  /** The order of REAL and DOUBLE. */
  public static boolean less(double a, double b) {
    return a < b || (Double.isNaN(b) && !Double.isNaN(a));
  }

  /** The equality of REAL and DOUBLE. */
  public static boolean equal(double a, double b) {
    return a == b || (Double.isNaN(a) && Double.isNaN(b));
  }

  private static void lessInt128(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |= (lessInt128(x, (long) (i & maskA) << 4, y, (long) (i & maskB) << 4) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static boolean lessInt128(ArrowBuf x, long atX, ArrowBuf y, long atY) {
    long highX = x.getLong(atX + 8);
    long highY = y.getLong(atY + 8);
    return highX != highY
        ? highX < highY
        : Long.compareUnsigned(x.getLong(atX), y.getLong(atY)) < 0;
  }

  private static void lessFixed16(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (lessFixed16(x, (long) (i & maskA) << 4, y, (long) (i & maskB) << 4) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static boolean lessFixed16(ArrowBuf x, long atX, ArrowBuf y, long atY) {
    long firstX = Long.reverseBytes(x.getLong(atX));
    long firstY = Long.reverseBytes(y.getLong(atY));
    return firstX != firstY
        ? Long.compareUnsigned(firstX, firstY) < 0
        : Long.compareUnsigned(
                Long.reverseBytes(x.getLong(atX + 8)), Long.reverseBytes(y.getLong(atY + 8)))
            < 0;
  }

  private static void equalInt128(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (equalInt128(x, (long) (i & maskA) << 4, y, (long) (i & maskB) << 4) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static boolean equalInt128(ArrowBuf x, long atX, ArrowBuf y, long atY) {
    return x.getLong(atX) == y.getLong(atY) && x.getLong(atX + 8) == y.getLong(atY + 8);
  }

  private static void lessBit(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            ((Bits.get(x, i & maskA) ? 1 : 0) < (Bits.get(y, i & maskB) ? 1 : 0) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalBit(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |= (Bits.get(x, i & maskA) == Bits.get(y, i & maskB) ? 1L : 0L) << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void lessBytes(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (Bytes.compare(
                            x,
                            a.start(i & maskA),
                            a.end(i & maskA),
                            y,
                            b.start(i & maskB),
                            b.end(i & maskB))
                        < 0
                    ? 1L
                    : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalBytes(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (Bytes.equal(
                        x,
                        a.start(i & maskA),
                        a.end(i & maskA),
                        y,
                        b.start(i & maskB),
                        b.end(i & maskB))
                    ? 1L
                    : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  /** Whether the high word of every decimal only repeats the sign of the low one. */
  private static boolean oneWord(Values decimals) {
    return DecimalTypes.precision(decimals.type()) <= 18;
  }

  private static void lessLowWord(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getLong((long) (i & maskA) << 4) < y.getLong((long) (i & maskB) << 4) ? 1L : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }

  private static void equalLowWord(Values a, Values b, int count, ArrowBuf out) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        word |=
            (x.getLong((long) (i & maskA) << 4) == y.getLong((long) (i & maskB) << 4) ? 1L : 0L)
                << j;
      }
      out.setLong(base >> 3, word);
    }
  }
}
