package io.sluice.engine.function.transform;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.cast.CellText;
import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import java.time.ZoneOffset;
import org.apache.arrow.memory.ArrowBuf;

/** Arguments that are the same for all rows, and how their values are compared. */
final class Constants {
  private Constants() {}

  /**
   * @throws EngineException INVALID_ARGUMENT if one of the arguments from {@code first} on is none
   */
  static void check(String function, String what, Values[] arguments, int first) {
    for (int i = first; i < arguments.length; i++) {
      if (!arguments[i].isConstant()) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            function
                + ": the "
                + what
                + " must be constants, and argument "
                + (i + 1)
                + " is none");
      }
    }
  }

  /** Whether values of a layout are at most 8 bytes, to be read as {@link #word}. */
  static boolean isWord(Layout layout) {
    return switch (layout) {
      case BIT, INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 -> true;
      case NONE, INT128, FIXED16, BYTES, NESTED -> false;
    };
  }

  /** A flat or constant row's value as a long of the same order; -0.0 is 0.0, NaN the greatest. */
  static long word(Values values, int row) {
    return switch (values.layout()) {
      case BIT -> values.bit(row) ? 1 : 0;
      case FLOAT32, FLOAT64 -> {
        long bits = Double.doubleToLongBits(FloatLoops.get(values, row) + 0.0);
        yield bits ^ ((bits >> 63) & Long.MAX_VALUE);
      }
      default -> IntegerLoops.get(values, row);
    };
  }

  /** Where a row's bytes start. */
  static int start(Values values, int row) {
    return values.layout() == Layout.BYTES ? values.start(row) : row << 4;
  }

  static int end(Values values, int row) {
    return values.layout() == Layout.BYTES ? values.end(row) : (row + 1) << 4;
  }

  /** The order of two values that are no words. */
  static int compare(Values a, int rowA, Values b, int rowB) {
    if (a.layout() != Layout.INT128) {
      return Bytes.compare(
          a.data(), start(a, rowA), end(a, rowA), b.data(), start(b, rowB), end(b, rowB));
    }
    ArrowBuf x = a.data();
    ArrowBuf y = b.data();
    long atX = (long) rowA << 4;
    long atY = (long) rowB << 4;
    int order = Long.compare(x.getLong(atX + 8), y.getLong(atY + 8));
    return order != 0 ? order : Long.compareUnsigned(x.getLong(atX), y.getLong(atY));
  }

  /** A constant as text, for messages. */
  static String text(Values constant) {
    return constant.isNull(0) ? "NULL" : CellText.text(constant, 0, ZoneOffset.UTC);
  }
}
