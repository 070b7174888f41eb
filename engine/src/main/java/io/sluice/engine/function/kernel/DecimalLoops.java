package io.sluice.engine.function.kernel;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Exact arithmetic of decimals. Operands and results that fit 64 bits, as nearly all do, take two
 * or three instructions; the others go through {@link BigInteger}.
 */
public final class DecimalLoops {
  private DecimalLoops() {}

  public static void add(Values a, Values b, Values out, int count) {
    sum(a, b, out, count, false);
  }

  public static void subtract(Values a, Values b, Values out, int count) {
    sum(a, b, out, count, true);
  }

  private static void sum(Values a, Values b, Values out, int count, boolean minus) {
    int scale = DecimalTypes.scale(out.type());
    int shiftA = scale - DecimalTypes.scale(a.type());
    int shiftB = scale - DecimalTypes.scale(b.type());
    if (shiftA < 0 || shiftB < 0 || shiftA > 18 || shiftB > 18) {
      for (int i = 0; i < count; i++) {
        slowSum(a, b, out, i, minus);
      }
      return;
    }
    int precision = DecimalTypes.precision(out.type());
    if (DecimalTypes.holdsSum(a.type(), b.type(), out.type())) {
      if (shiftA == 0 && shiftB == 0) {
        sameScale(a, b, out, count, minus);
        return;
      }
      if (a.isConstant() && shiftB == 0) {
        addConstant(scaled(a, shiftA), b, out, count, minus ? -1L : 0L);
        return;
      }
      if (b.isConstant() && shiftA == 0) {
        BigInteger constant = scaled(b, shiftB);
        addConstant(minus ? constant.negate() : constant, a, out, count, 0L);
        return;
      }
    }
    long factorA = Int128.power(shiftA);
    long factorB = Int128.power(shiftB);
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int i = 0; i < count; i++) {
      long atX = (long) (i & maskA) << 4;
      long atY = (long) (i & maskB) << 4;
      if (Int128.isLong(x, atX) && Int128.isLong(y, atY)) {
        long u = x.getLong(atX);
        long v = minus ? -y.getLong(atY) : y.getLong(atY);
        long scaledU = u * factorA;
        long scaledV = v * factorB;
        long result = scaledU + scaledV;
        boolean exact =
            Math.multiplyHigh(u, factorA) == scaledU >> 63
                && Math.multiplyHigh(v, factorB) == scaledV >> 63
                && ((scaledU ^ result) & (scaledV ^ result)) >= 0
                && v != Long.MIN_VALUE;
        if (exact && Int128.fits(result, precision)) {
          Int128.setLong(to, (long) i << 4, result);
          continue;
        }
      }
      slowSum(a, b, out, i, minus);
    }
  }

  /** Operands of the result's scale whose sum always fits it: plain 128-bit arithmetic. */
  private static void sameScale(Values a, Values b, Values out, int count, boolean minus) {
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    // -v is ~v + 1.
    long flip = minus ? -1L : 0L;
    for (int i = 0; i < count; i++) {
      long atX = (long) (i & maskA) << 4;
      long atY = (long) (i & maskB) << 4;
      long lowX = x.getLong(atX);
      long lowY = y.getLong(atY) ^ flip;
      long low = lowX + lowY - flip;
      // The carry out of lowX + lowY + (minus ? 1 : 0).
      long carry = ((lowX & lowY) | ((lowX | lowY) & ~low)) >>> 63;
      to.setLong((long) i << 4, low);
      to.setLong(((long) i << 4) + 8, x.getLong(atX + 8) + (y.getLong(atY + 8) ^ flip) + carry);
    }
  }

  private static BigInteger scaled(Values constant, int shift) {
    return Int128.get(constant.data(), 0).multiply(Int128.bigPower(shift));
  }

  /** A constant plus values or, where {@code flip} is all ones, minus values. */
  private static void addConstant(
      BigInteger constant, Values values, Values out, int count, long flip) {
    long lowX = constant.longValue();
    long highX = constant.shiftRight(64).longValue();
    ArrowBuf y = values.data();
    ArrowBuf to = out.data();
    int mask = values.rowMask();
    for (int i = 0; i < count; i++) {
      long at = (long) (i & mask) << 4;
      long lowY = y.getLong(at) ^ flip;
      long low = lowX + lowY - flip;
      long carry = ((lowX & lowY) | ((lowX | lowY) & ~low)) >>> 63;
      to.setLong((long) i << 4, low);
      to.setLong(((long) i << 4) + 8, highX + (y.getLong(at + 8) ^ flip) + carry);
    }
  }

  private static void slowSum(Values a, Values b, Values out, int row, boolean minus) {
    if (out.isNull(row)) {
      clear(out, row);
      return;
    }
    BigDecimal u = Int128.decimal(a, row);
    BigDecimal v = Int128.decimal(b, row);
    store(out, row, minus ? u.subtract(v) : u.add(v), u, minus ? "-" : "+", v);
  }

  public static void multiply(Values a, Values b, Values out, int count) {
    int scale = DecimalTypes.scale(a.type()) + DecimalTypes.scale(b.type());
    boolean direct = scale == DecimalTypes.scale(out.type());
    int precision = DecimalTypes.precision(out.type());
    if (direct && DecimalTypes.holdsProduct(a.type(), b.type(), out.type())) {
      precision = SqlType.Decimal.MAX_PRECISION;
    }
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    for (int i = 0; i < count; i++) {
      long atX = (long) (i & maskA) << 4;
      long atY = (long) (i & maskB) << 4;
      if (direct && Int128.isLong(x, atX) && Int128.isLong(y, atY)) {
        long u = x.getLong(atX);
        long v = y.getLong(atY);
        long low = u * v;
        long high = Math.multiplyHigh(u, v);
        boolean small = high == low >> 63;
        if (small ? Int128.fits(low, precision) : precision == 38) {
          // A product of two 64-bit numbers has at most 126 bits: less than 38 digits.
          to.setLong((long) i << 4, low);
          to.setLong(((long) i << 4) + 8, high);
          continue;
        }
      }
      slowMultiply(a, b, out, i);
    }
  }

  private static void slowMultiply(Values a, Values b, Values out, int row) {
    if (out.isNull(row)) {
      clear(out, row);
      return;
    }
    BigDecimal u = Int128.decimal(a, row);
    BigDecimal v = Int128.decimal(b, row);
    store(out, row, u.multiply(v), u, "*", v);
  }

  /** Rounds half away from zero. */
  public static void divide(Values a, Values b, Values out, int count) {
    int scale = DecimalTypes.scale(out.type());
    int precision = DecimalTypes.precision(out.type());
    int shift = scale - DecimalTypes.scale(a.type()) + DecimalTypes.scale(b.type());
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    int maskA = a.rowMask();
    int maskB = b.rowMask();
    long factor = shift >= 0 && shift <= 18 ? Int128.power(shift) : 0;
    for (int i = 0; i < count; i++) {
      if (out.isNull(i)) {
        clear(out, i);
        continue;
      }
      long atX = (long) (i & maskA) << 4;
      long atY = (long) (i & maskB) << 4;
      if (y.getLong(atY) == 0 && y.getLong(atY + 8) == 0) {
        throw IntegerLoops.divisionByZero(Int128.decimal(a, i).toPlainString(), "/");
      }
      if (factor != 0 && Int128.isLong(x, atX) && Int128.isLong(y, atY)) {
        long u = x.getLong(atX);
        long v = y.getLong(atY);
        long scaled = u * factor;
        if (Math.multiplyHigh(u, factor) == scaled >> 63
            && v != Long.MIN_VALUE
            && scaled != Long.MIN_VALUE) {
          long quotient = scaled / v;
          long remainder = Math.abs(scaled % v);
          // remainder * 2 >= |v| without overflow
          if (remainder >= Math.abs(v) - remainder) {
            quotient += (scaled < 0) == (v < 0) ? 1 : -1;
          }
          if (Int128.fits(quotient, precision)) {
            Int128.setLong(out.data(), (long) i << 4, quotient);
            continue;
          }
        }
      }
      BigDecimal u = Int128.decimal(a, i);
      BigDecimal v = Int128.decimal(b, i);
      store(out, i, u.divide(v, scale, RoundingMode.HALF_UP), u, "/", v);
    }
  }

  /** The remainder of truncating division, with the dividend's sign. */
  public static void modulo(Values a, Values b, Values out, int count) {
    for (int i = 0; i < count; i++) {
      if (out.isNull(i)) {
        clear(out, i);
        continue;
      }
      BigDecimal u = Int128.decimal(a, i);
      BigDecimal v = Int128.decimal(b, i);
      if (v.signum() == 0) {
        throw IntegerLoops.divisionByZero(u.toPlainString(), "%");
      }
      store(out, i, u.remainder(v, MathContext.UNLIMITED), u, "%", v);
    }
  }

  public static void negate(Values a, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    for (int i = 0; i < count; i++) {
      long at = (long) (i & maskA) << 4;
      long low = x.getLong(at);
      long high = x.getLong(at + 8);
      to.setLong((long) i << 4, -low);
      to.setLong(((long) i << 4) + 8, ~high + (low == 0 ? 1 : 0));
    }
  }

  public static void absolute(Values a, Values out, int count) {
    ArrowBuf x = a.data();
    ArrowBuf to = out.data();
    int maskA = a.rowMask();
    for (int i = 0; i < count; i++) {
      long at = (long) (i & maskA) << 4;
      long low = x.getLong(at);
      long high = x.getLong(at + 8);
      boolean negative = high < 0;
      to.setLong((long) i << 4, negative ? -low : low);
      to.setLong(((long) i << 4) + 8, negative ? ~high + (low == 0 ? 1 : 0) : high);
    }
  }

  private static void clear(Values out, int row) {
    Int128.setLong(out.data(), (long) row << 4, 0);
  }

  private static void store(
      Values out, int row, BigDecimal value, BigDecimal u, String operator, BigDecimal v) {
    int scale = DecimalTypes.scale(out.type());
    BigInteger unscaled = value.setScale(scale, RoundingMode.HALF_UP).unscaledValue();
    if (!Int128.fits(unscaled, DecimalTypes.precision(out.type()))) {
      throw Int128.overflow(out, u.toPlainString() + " " + operator + " " + v.toPlainString());
    }
    Int128.set(out.data(), (long) row << 4, unscaled);
  }
}
