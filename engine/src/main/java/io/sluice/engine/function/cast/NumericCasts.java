package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.DecimalTypes;
import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.Int128;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Conversions among numbers and BOOLEAN. */
final class NumericCasts {
  private NumericCasts() {}

  /** Null where there is no such conversion. */
  static @Nullable RowCast find(SqlType from, SqlType to) {
    if (from.kind() == SqlType.Kind.BOOLEAN) {
      return fromBoolean(to);
    }
    if (to.kind() == SqlType.Kind.BOOLEAN) {
      return toBoolean(from);
    }
    if (from.isInteger()) {
      return to.isInteger()
          ? NumericCasts::integer
          : to.isFloating() ? NumericCasts::integerToFloat : integerToDecimal(to);
    }
    if (from.isFloating()) {
      return to.isInteger()
          ? NumericCasts::floatToInteger
          : to.isFloating() ? NumericCasts::floating : NumericCasts::floatToDecimal;
    }
    return to.isInteger()
        ? NumericCasts::decimalToInteger
        : to.isFloating() ? decimalToFloat(from, to) : decimal(from, to);
  }

  /** Whether no value is lost or refused. */
  static boolean lossless(SqlType from, SqlType to) {
    if (to.kind() == SqlType.Kind.BOOLEAN) {
      return true;
    }
    if (from.kind() == SqlType.Kind.BOOLEAN) {
      return !(to instanceof SqlType.Decimal decimal) || decimal.precision() > decimal.scale();
    }
    if (from.isInteger()) {
      return to.isFloating()
          || (to.isInteger() && to.kind().compareTo(from.kind()) >= 0)
          || (to instanceof SqlType.Decimal decimal
              && decimal.precision() - decimal.scale() >= integerDigits(from));
    }
    if (from instanceof SqlType.Decimal a && to instanceof SqlType.Decimal b) {
      return b.scale() >= a.scale() && b.precision() - b.scale() >= a.precision() - a.scale();
    }
    return to.kind() == SqlType.Kind.DOUBLE || (from.kind() == to.kind());
  }

  private static int integerDigits(SqlType type) {
    return switch (type.kind()) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      default -> 19;
    };
  }

  private static RowCast fromBoolean(SqlType to) {
    if (to.isInteger()) {
      return (in, row, out, at) -> {
        IntegerLoops.set(out, at, in.bit(row) ? 1 : 0);
        return true;
      };
    }
    if (to.isFloating()) {
      return (in, row, out, at) -> {
        FloatLoops.set(out, at, in.bit(row) ? 1 : 0);
        return true;
      };
    }
    return (in, row, out, at) ->
        storeDecimal(out, at, in.bit(row) ? BigDecimal.ONE : BigDecimal.ZERO);
  }

  private static RowCast toBoolean(SqlType from) {
    if (from.isInteger()) {
      return (in, row, out, at) -> {
        setBit(out, at, IntegerLoops.get(in, row) != 0);
        return true;
      };
    }
    if (from.isFloating()) {
      return (in, row, out, at) -> {
        setBit(out, at, FloatLoops.get(in, row) != 0);
        return true;
      };
    }
    return (in, row, out, at) -> {
      setBit(out, at, Int128.decimal(in, row).signum() != 0);
      return true;
    };
  }

  static void setBit(Values out, int row, boolean value) {
    Bits.set(out.data(), row, value);
  }

  private static boolean integer(Values in, int row, Values out, int at) {
    long value = IntegerLoops.get(in, row);
    IntegerLoops.set(out, at, value);
    return IntegerLoops.fits(out.layout(), value);
  }

  private static boolean integerToFloat(Values in, int row, Values out, int at) {
    long value = IntegerLoops.get(in, row);
    // Straight to float: by way of double it would be rounded twice.
    if (out.layout() == Layout.FLOAT32) {
      out.data().setFloat((long) at << 2, (float) value);
    } else {
      out.data().setDouble((long) at << 3, (double) value);
    }
    return true;
  }

  private static RowCast integerToDecimal(SqlType to) {
    int scale = DecimalTypes.scale(to);
    int precision = DecimalTypes.precision(to);
    long factor = scale <= 18 ? Int128.power(scale) : 0;
    return (in, row, out, at) -> {
      long value = IntegerLoops.get(in, row);
      long product = value * factor;
      if (factor != 0
          && Math.multiplyHigh(value, factor) == product >> 63
          && Int128.fits(product, precision)) {
        Int128.setLong(out.data(), (long) at << 4, product);
        return true;
      }
      return storeDecimal(out, at, BigDecimal.valueOf(value));
    };
  }

  private static boolean floatToInteger(Values in, int row, Values out, int at) {
    double value = FloatLoops.get(in, row);
    if (value != Math.rint(value) || !(value >= -0x1p63 && value < 0x1p63)) {
      return false;
    }
    long whole = (long) value;
    IntegerLoops.set(out, at, whole);
    return IntegerLoops.fits(out.layout(), whole);
  }

  private static boolean floating(Values in, int row, Values out, int at) {
    double value = FloatLoops.get(in, row);
    FloatLoops.set(out, at, value);
    return !Double.isFinite(value)
        || out.layout() == Layout.FLOAT64
        || Float.isFinite((float) value);
  }

  /** By the shortest decimal that reads back as the same number. */
  private static boolean floatToDecimal(Values in, int row, Values out, int at) {
    double value = FloatLoops.get(in, row);
    if (!Double.isFinite(value)) {
      return false;
    }
    String shortest =
        in.layout() == Layout.FLOAT32 ? Float.toString((float) value) : Double.toString(value);
    return storeDecimal(out, at, new BigDecimal(shortest));
  }

  private static boolean decimalToInteger(Values in, int row, Values out, int at) {
    ArrowBuf data = in.data();
    long from = (long) row << 4;
    int scale = DecimalTypes.scale(in.type());
    long whole;
    if (Int128.isLong(data, from) && scale <= 18) {
      long unscaled = data.getLong(from);
      long factor = Int128.power(scale);
      whole = unscaled / factor;
      if (whole * factor != unscaled) {
        return false;
      }
    } else {
      BigInteger[] parts = Int128.get(data, from).divideAndRemainder(Int128.bigPower(scale));
      if (parts[1].signum() != 0 || parts[0].bitLength() > 63) {
        return false;
      }
      whole = parts[0].longValue();
    }
    IntegerLoops.set(out, at, whole);
    return IntegerLoops.fits(out.layout(), whole);
  }

  private static RowCast decimalToFloat(SqlType from, SqlType to) {
    int scale = DecimalTypes.scale(from);
    boolean wide = to.kind() == SqlType.Kind.DOUBLE;
    double factor = scale <= 18 ? (double) Int128.power(scale) : 0;
    return (in, row, out, at) -> {
      long low = in.data().getLong((long) row << 4);
      boolean exact =
          Int128.isLong(in.data(), (long) row << 4)
              && Math.abs(low) <= 1L << 53
              && low != Long.MIN_VALUE;
      if (wide && exact && scale <= 18) {
        // Both operands are exact (10^18 has 42 significant bits), so the quotient is correctly
        // rounded.
        out.data().setDouble((long) at << 3, low / factor);
      } else if (wide) {
        out.data().setDouble((long) at << 3, Int128.decimal(in, row).doubleValue());
      } else {
        out.data().setFloat((long) at << 2, Int128.decimal(in, row).floatValue());
      }
      return true;
    };
  }

  private static RowCast decimal(SqlType from, SqlType to) {
    int shift = DecimalTypes.scale(to) - DecimalTypes.scale(from);
    int precision = DecimalTypes.precision(to);
    long factor = shift >= 0 && shift <= 18 ? Int128.power(shift) : 0;
    return (in, row, out, at) -> {
      if (factor != 0 && Int128.isLong(in.data(), (long) row << 4)) {
        long value = in.data().getLong((long) row << 4);
        long product = value * factor;
        if (Math.multiplyHigh(value, factor) == product >> 63 && Int128.fits(product, precision)) {
          Int128.setLong(out.data(), (long) at << 4, product);
          return true;
        }
      }
      return storeDecimal(out, at, Int128.decimal(in, row));
    };
  }

  /** False where digits would be lost on either side. */
  static boolean storeDecimal(Values out, int row, BigDecimal value) {
    int scale = DecimalTypes.scale(out.type());
    // Guards against exponents that would make a number of a million digits.
    if (value.signum() != 0 && (long) value.precision() - value.scale() > 40) {
      return false;
    }
    BigDecimal stripped = value.scale() > scale ? value.stripTrailingZeros() : value;
    if (stripped.scale() > scale) {
      return false;
    }
    BigInteger unscaled = stripped.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
    if (!Int128.fits(unscaled, DecimalTypes.precision(out.type()))) {
      return false;
    }
    Int128.set(out.data(), (long) row << 4, unscaled);
    return true;
  }
}
