package io.sluice.engine.function.kernel;

import org.apache.arrow.memory.ArrowBuf;

/**
 * Checked arithmetic of REAL and DOUBLE: an infinite result of finite operands is an overflow, and
 * a zero divisor an error. NaN and infinities that come in go through.
 */
public final class FloatLoops {
  private FloatLoops() {}

  /** A row's value of either layout. */
  public static double get(Values values, int row) {
    int at = values.isConstant() ? 0 : row;
    return values.layout() == Layout.FLOAT64
        ? values.data().getDouble((long) at << 3)
        : values.data().getFloat((long) at << 2);
  }

  /** Stores a row of either layout. */
  public static void set(Values values, int row, double value) {
    if (values.layout() == Layout.FLOAT64) {
      values.data().setDouble((long) row << 3, value);
    } else {
      values.data().setFloat((long) row << 2, (float) value);
    }
  }

  /** As {@link #add} by the Vector API. */
  public static void addSimd(Values a, Values b, Values out, int count) {
    if (out.layout() == Layout.FLOAT64) {
      SimdArithmetic.addFloat64(a, b, out, count);
      checkFinite(a, b, out, count, "+");
    } else {
      add(a, b, out, count);
    }
  }

  public static void add(Values a, Values b, Values out, int count) {
    if (out.layout() == Layout.FLOAT64) {
      ArrowBuf x = a.data();
      ArrowBuf y = b.data();
      int maskA = a.rowMask();
      int maskB = b.rowMask();
      for (int i = 0; i < count; i++) {
        double u = x.getDouble((long) (i & maskA) << 3);
        double v = y.getDouble((long) (i & maskB) << 3);
        out.data().setDouble((long) i << 3, u + v);
      }
    } else {
      for (int i = 0; i < count; i++) {
        set(out, i, (float) get(a, i) + (float) get(b, i));
      }
    }
    checkFinite(a, b, out, count, "+");
  }

  /** As {@link #subtract} by the Vector API. */
  public static void subtractSimd(Values a, Values b, Values out, int count) {
    if (out.layout() == Layout.FLOAT64) {
      SimdArithmetic.subtractFloat64(a, b, out, count);
      checkFinite(a, b, out, count, "-");
    } else {
      subtract(a, b, out, count);
    }
  }

  public static void subtract(Values a, Values b, Values out, int count) {
    if (out.layout() == Layout.FLOAT64) {
      ArrowBuf x = a.data();
      ArrowBuf y = b.data();
      int maskA = a.rowMask();
      int maskB = b.rowMask();
      for (int i = 0; i < count; i++) {
        double u = x.getDouble((long) (i & maskA) << 3);
        double v = y.getDouble((long) (i & maskB) << 3);
        out.data().setDouble((long) i << 3, u - v);
      }
    } else {
      for (int i = 0; i < count; i++) {
        set(out, i, (float) get(a, i) - (float) get(b, i));
      }
    }
    checkFinite(a, b, out, count, "-");
  }

  /** As {@link #multiply} by the Vector API. */
  public static void multiplySimd(Values a, Values b, Values out, int count) {
    if (out.layout() == Layout.FLOAT64) {
      SimdArithmetic.multiplyFloat64(a, b, out, count);
      checkFinite(a, b, out, count, "*");
    } else {
      multiply(a, b, out, count);
    }
  }

  public static void multiply(Values a, Values b, Values out, int count) {
    if (out.layout() == Layout.FLOAT64) {
      ArrowBuf x = a.data();
      ArrowBuf y = b.data();
      int maskA = a.rowMask();
      int maskB = b.rowMask();
      for (int i = 0; i < count; i++) {
        double u = x.getDouble((long) (i & maskA) << 3);
        double v = y.getDouble((long) (i & maskB) << 3);
        out.data().setDouble((long) i << 3, u * v);
      }
    } else {
      for (int i = 0; i < count; i++) {
        set(out, i, (float) get(a, i) * (float) get(b, i));
      }
    }
    checkFinite(a, b, out, count, "*");
  }

  public static void divide(Values a, Values b, Values out, int count) {
    boolean wide = out.layout() == Layout.FLOAT64;
    for (int i = 0; i < count; i++) {
      double u = get(a, i);
      double v = get(b, i);
      if (v == 0 && !out.isNull(i)) {
        throw IntegerLoops.divisionByZero(text(out, u), "/");
      }
      set(out, i, wide ? u / v : (float) u / (float) v);
    }
    checkFinite(a, b, out, count, "/");
  }

  /** The remainder of truncating division, with the dividend's sign. */
  public static void modulo(Values a, Values b, Values out, int count) {
    for (int i = 0; i < count; i++) {
      double u = get(a, i);
      double v = get(b, i);
      if (v == 0 && !out.isNull(i)) {
        throw IntegerLoops.divisionByZero(text(out, u), "%");
      }
      set(out, i, u % v);
    }
  }

  public static void negate(Values a, Values out, int count) {
    for (int i = 0; i < count; i++) {
      set(out, i, -get(a, i));
    }
  }

  static String text(Values values, double value) {
    return values.layout() == Layout.FLOAT64
        ? Double.toString(value)
        : Float.toString((float) value);
  }

  /** Throws for the first row that is infinite though its operands are finite. */
  private static void checkFinite(Values a, Values b, Values out, int count, String operator) {
    if (allFinite(out, count)) {
      return;
    }
    for (int i = 0; i < count; i++) {
      double u = get(a, i);
      double v = get(b, i);
      if (Double.isInfinite(get(out, i))
          && !out.isNull(i)
          && Double.isFinite(u)
          && Double.isFinite(v)) {
        throw IntegerLoops.overflow(out, text(out, u) + " " + operator + " " + text(out, v));
      }
    }
  }

  /** Free of branches: the exponent of an infinity or NaN is all ones. */
  private static boolean allFinite(Values out, int count) {
    ArrowBuf data = out.data();
    if (out.layout() == Layout.FLOAT64) {
      long carry = 0;
      for (int i = 0; i < count; i++) {
        carry |= (data.getLong((long) i << 3) & 0x7ff0000000000000L) + 0x0010000000000000L;
      }
      return carry >= 0;
    }
    int carry = 0;
    for (int i = 0; i < count; i++) {
      carry |= (data.getInt((long) i << 2) & 0x7f800000) + 0x00800000;
    }
    return carry >= 0;
  }
}
