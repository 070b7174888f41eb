package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Rounding to whole numbers and to digits after, or with n below zero before, the point. */
public final class Rounding {
  private static final int MAX_EXPONENT = 22;

  /** Powers of ten that a DOUBLE holds exactly. */
  private static final double[] POWERS = new double[MAX_EXPONENT + 1];

  static {
    for (int i = 0; i <= MAX_EXPONENT; i++) {
      POWERS[i] = Double.parseDouble("1e" + i);
    }
  }

  private Rounding() {}

  /** A whole number near {@code value}; infinities and NaN stay. */
  public static double whole(double value, RoundingMode mode) {
    return switch (mode) {
      case CEILING -> Math.ceil(value);
      case FLOOR -> Math.floor(value);
      default -> {
        double magnitude = Math.floor(Math.abs(value));
        // The difference is exact, unlike value + 0.5.
        if (mode == RoundingMode.HALF_UP && Math.abs(value) - magnitude >= 0.5) {
          magnitude += 1;
        }
        yield Math.copySign(magnitude, value);
      }
    };
  }

  /** Rounds {@code value * 10^n}, as binary arithmetic gives it, to a whole number. */
  public static double digits(double value, long n, RoundingMode mode) {
    if (n > MAX_EXPONENT || !Double.isFinite(value)) {
      return value;
    }
    if (n < -MAX_EXPONENT) {
      return Double.isFinite(value) && Math.abs(value) < 1e21 ? 0 : value;
    }
    double power = POWERS[(int) Math.abs(n)];
    double scaled = n >= 0 ? value * power : value / power;
    if (!Double.isFinite(scaled)) {
      return value;
    }
    double rounded = whole(scaled, mode);
    return n >= 0 ? rounded / power : rounded * power;
  }

  /** Integers lose digits only where n is below zero. */
  public static Kernel integerToDigits(RoundingMode mode) {
    return (arguments, out, count) -> {
      for (int i = 0; i < count; i++) {
        if (out.isNull(i)) {
          IntegerLoops.set(out, i, 0);
          continue;
        }
        long value = IntegerLoops.get(arguments[0], i);
        long n = IntegerLoops.get(arguments[1], i);
        if (n < 0) {
          BigDecimal rounded = BigDecimal.valueOf(value).setScale((int) Math.max(n, -20), mode);
          BigInteger whole = rounded.toBigInteger();
          if (whole.bitLength() > 63 || !IntegerLoops.fits(out.layout(), whole.longValue())) {
            throw overflow(out, value + " rounded to " + n + " digits");
          }
          value = whole.longValue();
        }
        IntegerLoops.set(out, i, value);
      }
    };
  }

  /** To DECIMAL(p, 0). */
  public static Kernel decimalToWhole(RoundingMode mode) {
    return (arguments, out, count) -> {
      for (int i = 0; i < count; i++) {
        decimal(arguments[0], i, out, 0, mode);
      }
    };
  }

  /** To the same scale, of which only n digits remain. */
  public static Kernel decimalToDigits(RoundingMode mode) {
    return (arguments, out, count) -> {
      for (int i = 0; i < count; i++) {
        decimal(arguments[0], i, out, out.isNull(i) ? 0 : IntegerLoops.get(arguments[1], i), mode);
      }
    };
  }

  private static void decimal(Values in, int row, Values out, long n, RoundingMode mode) {
    long at = (long) row << 4;
    if (out.isNull(row)) {
      Int128.setLong(out.data(), at, 0);
      return;
    }
    BigDecimal value = Int128.decimal(in, row);
    int kept = (int) Math.max(-40, Math.min(n, value.scale()));
    BigInteger unscaled =
        value.setScale(kept, mode).setScale(DecimalTypes.scale(out.type())).unscaledValue();
    if (!Int128.fits(unscaled, DecimalTypes.precision(out.type()))) {
      throw overflow(out, value.toPlainString() + " rounded to " + n + " digits");
    }
    Int128.set(out.data(), at, unscaled);
  }

  /** -1, 0 or 1 as a decimal. */
  public static Kernel sign() {
    return (arguments, out, count) -> {
      Values in = arguments[0];
      for (int i = 0; i < count; i++) {
        long at = (long) (i & in.rowMask()) << 4;
        long high = in.data().getLong(at + 8);
        boolean zero = high == 0 && in.data().getLong(at) == 0;
        Int128.setLong(out.data(), (long) i << 4, high < 0 ? -1 : zero ? 0 : 1);
      }
    };
  }

  private static EngineException overflow(Values out, String what) {
    return new EngineException(
        ErrorCode.NUMERIC_OVERFLOW, what + " is out of range for " + out.type().sql());
  }
}
