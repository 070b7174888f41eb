package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Checked arithmetic of TINYINT to BIGINT. The loops wrap around and collect in one sign bit
 * whether any row did, so that they stay free of branches; only then is the row looked for.
 */
public final class IntegerLoops {
  private IntegerLoops() {}

  /** A row's value of any integer layout. */
  public static long get(Values values, int row) {
    int at = values.isConstant() ? 0 : row;
    return switch (values.layout()) {
      case INT8 -> values.data().getByte(at);
      case INT16 -> values.data().getShort((long) at << 1);
      case INT32 -> values.data().getInt((long) at << 2);
      case INT64 -> values.data().getLong((long) at << 3);
      default -> throw new AssertionError(values.type());
    };
  }

  /** Stores a row of any integer layout, cut to its width. */
  public static void set(Values values, int row, long value) {
    switch (values.layout()) {
      case INT8 -> values.data().setByte(row, (int) value);
      case INT16 -> values.data().setShort((long) row << 1, (int) value);
      case INT32 -> values.data().setInt((long) row << 2, (int) value);
      case INT64 -> values.data().setLong((long) row << 3, value);
      default -> throw new AssertionError(values.type());
    }
  }

  /** Whether the value fits the layout. */
  public static boolean fits(Layout layout, long value) {
    return switch (layout) {
      case INT8 -> value == (byte) value;
      case INT16 -> value == (short) value;
      case INT32 -> value == (int) value;
      default -> true;
    };
  }

  public static void add(Values a, Values b, Values out, int count) {
    long flags =
        switch (out.layout()) {
          case INT64 -> addInt64(a, b, out, count);
          case INT32 -> addInt32(a, b, out, count);
          default -> small(a, b, out, count, '+');
        };
    if (flags < 0) {
      findOverflow(a, b, out, count, '+');
    }
  }

  /** As {@link #add} by the Vector API. */
  public static void addSimd(Values a, Values b, Values out, int count) {
    long flags =
        switch (out.layout()) {
          case INT64 -> SimdArithmetic.addInt64(a, b, out, count);
          case INT32 -> SimdArithmetic.addInt32(a, b, out, count);
          default -> small(a, b, out, count, '+');
        };
    if (flags < 0) {
      findOverflow(a, b, out, count, '+');
    }
  }

  public static void subtract(Values a, Values b, Values out, int count) {
    long flags =
        switch (out.layout()) {
          case INT64 -> subtractInt64(a, b, out, count);
          case INT32 -> subtractInt32(a, b, out, count);
          default -> small(a, b, out, count, '-');
        };
    if (flags < 0) {
      findOverflow(a, b, out, count, '-');
    }
  }

  /** As {@link #subtract} by the Vector API. */
  public static void subtractSimd(Values a, Values b, Values out, int count) {
    long flags =
        switch (out.layout()) {
          case INT64 -> SimdArithmetic.subtractInt64(a, b, out, count);
          case INT32 -> SimdArithmetic.subtractInt32(a, b, out, count);
          default -> small(a, b, out, count, '-');
        };
    if (flags < 0) {
      findOverflow(a, b, out, count, '-');
    }
  }

  public static void multiply(Values a, Values b, Values out, int count) {
    long flags =
        switch (out.layout()) {
          case INT64 -> multiplyInt64(a, b, out, count);
          case INT32 -> multiplyInt32(a, b, out, count);
          default -> small(a, b, out, count, '*');
        };
    if (flags < 0) {
      findOverflow(a, b, out, count, '*');
    }
  }

  static long addInt64(Values a, Values b, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    long flags = 0;
    for (int i = 0; i < count; i++) {
      long u = x.getLong((long) (i & maskA) << 3);
      long v = y.getLong((long) (i & maskB) << 3);
      long sum = u + v;
      flags |= (u ^ sum) & (v ^ sum);
      to.setLong((long) i << 3, sum);
    }
    return flags;
  }

  private static long addInt32(Values a, Values b, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    int flags = 0;
    for (int i = 0; i < count; i++) {
      int u = x.getInt((long) (i & maskA) << 2);
      int v = y.getInt((long) (i & maskB) << 2);
      int sum = u + v;
      flags |= (u ^ sum) & (v ^ sum);
      to.setInt((long) i << 2, sum);
    }
    return flags;
  }

  static long subtractInt64(Values a, Values b, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    long flags = 0;
    for (int i = 0; i < count; i++) {
      long u = x.getLong((long) (i & maskA) << 3);
      long v = y.getLong((long) (i & maskB) << 3);
      long difference = u - v;
      flags |= (u ^ v) & (u ^ difference);
      to.setLong((long) i << 3, difference);
    }
    return flags;
  }

  private static long subtractInt32(Values a, Values b, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    int flags = 0;
    for (int i = 0; i < count; i++) {
      int u = x.getInt((long) (i & maskA) << 2);
      int v = y.getInt((long) (i & maskB) << 2);
      int difference = u - v;
      flags |= (u ^ v) & (u ^ difference);
      to.setInt((long) i << 2, difference);
    }
    return flags;
  }

  private static long multiplyInt64(Values a, Values b, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    long overflow = 0;
    for (int i = 0; i < count; i++) {
      long u = x.getLong((long) (i & maskA) << 3);
      long v = y.getLong((long) (i & maskB) << 3);
      long product = u * v;
      overflow |= Math.multiplyHigh(u, v) ^ (product >> 63);
      to.setLong((long) i << 3, product);
    }
    return overflow == 0 ? 0 : -1;
  }

  private static long multiplyInt32(Values a, Values b, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    long overflow = 0;
    for (int i = 0; i < count; i++) {
      long product = (long) x.getInt((long) (i & maskA) << 2) * y.getInt((long) (i & maskB) << 2);
      overflow |= product ^ (int) product;
      to.setInt((long) i << 2, (int) product);
    }
    return overflow == 0 ? 0 : -1;
  }

  /** TINYINT and SMALLINT are rare: their loops choose the width per row. */
  private static long small(Values a, Values b, Values out, int count, char operator) {
    long overflow = 0;
    for (int i = 0; i < count; i++) {
      long u = get(a, i);
      long v = get(b, i);
      long result = operator == '+' ? u + v : operator == '-' ? u - v : u * v;
      set(out, i, result);
      overflow |= result ^ get(out, i);
    }
    return overflow == 0 ? 0 : -1;
  }

  /** Throws for the first row that is not NULL and overflows; there may be none. */
  private static void findOverflow(Values a, Values b, Values out, int count, char operator) {
    for (int i = 0; i < count; i++) {
      if (out.isNull(i)) {
        continue;
      }
      long u = get(a, i);
      long v = get(b, i);
      boolean overflow;
      long low;
      switch (operator) {
        case '+' -> {
          low = u + v;
          overflow = ((u ^ low) & (v ^ low)) < 0;
        }
        case '-' -> {
          low = u - v;
          overflow = ((u ^ v) & (u ^ low)) < 0;
        }
        default -> {
          low = u * v;
          overflow = Math.multiplyHigh(u, v) != low >> 63;
        }
      }
      if (overflow || !fits(out.layout(), low)) {
        throw overflow(out, u + " " + operator + " " + v);
      }
    }
  }

  static EngineException overflow(Values out, String expression) {
    return new EngineException(
        ErrorCode.NUMERIC_OVERFLOW, expression + " is out of range for " + out.type().sql());
  }

  static EngineException divisionByZero(String dividend, String operator) {
    return new EngineException(
        ErrorCode.DIVISION_BY_ZERO, "division by zero: " + dividend + " " + operator + " 0");
  }

  /** Truncates towards zero. */
  public static void divide(Values a, Values b, Values out, int count) {
    boolean wide = out.layout() == Layout.INT64;
    for (int i = 0; i < count; i++) {
      long v = get(b, i);
      if (v == 0) {
        if (!out.isNull(i)) {
          throw divisionByZero(Long.toString(get(a, i)), "/");
        }
        v = 1;
      }
      long u = get(a, i);
      long quotient = u / v;
      // Only the least value divided by -1 leaves the range.
      if (v == -1 && (wide ? u == Long.MIN_VALUE : !fits(out.layout(), quotient))) {
        if (!out.isNull(i)) {
          throw overflow(out, u + " / -1");
        }
      }
      set(out, i, quotient);
    }
  }

  /** The remainder has the dividend's sign. */
  public static void modulo(Values a, Values b, Values out, int count) {
    for (int i = 0; i < count; i++) {
      long v = get(b, i);
      if (v == 0) {
        if (!out.isNull(i)) {
          throw divisionByZero(Long.toString(get(a, i)), "%");
        }
        v = 1;
      }
      set(out, i, get(a, i) % v);
    }
  }

  public static void negate(Values a, Values out, int count) {
    for (int i = 0; i < count; i++) {
      long u = get(a, i);
      if ((u == Long.MIN_VALUE || !fits(out.layout(), -u)) && !out.isNull(i)) {
        throw overflow(out, "-(" + u + ")");
      }
      set(out, i, -u);
    }
  }

  public static void absolute(Values a, Values out, int count) {
    for (int i = 0; i < count; i++) {
      long u = get(a, i);
      if ((u == Long.MIN_VALUE || !fits(out.layout(), Math.abs(u))) && !out.isNull(i)) {
        throw overflow(out, "abs(" + u + ")");
      }
      set(out, i, Math.abs(u));
    }
  }
}
