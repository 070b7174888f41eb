package io.sluice.engine.function.cast;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.time.ZoneId;

/** Converts one value of a fixed width. */
@FunctionalInterface
interface RowCast {
  /**
   * Stores the converted value of row {@code row} of {@code in} at row {@code to} of {@code out}.
   *
   * @return false if there is none
   */
  boolean cast(Values in, int row, Values out, int to);

  /** The loop over all rows. What cannot be converted is NULL if safe, else an error. */
  static Kernel kernel(RowCast cast, SqlType from, boolean safe, ZoneId zone) {
    return (arguments, out, count) -> {
      Values in = arguments[0];
      for (int i = 0; i < count; i++) {
        int row = in.isConstant() ? 0 : i;
        if (out.isNull(i)) {
          zero(out, i);
        } else if (!cast.cast(in, row, out, i)) {
          if (!safe) {
            throw failure(in, row, from, out.type(), zone);
          }
          zero(out, i);
          out.setNull(i);
        }
      }
    };
  }

  private static void zero(Values out, int row) {
    if (out.layout() == Layout.BIT) {
      return;
    }
    int width = out.layout().width();
    out.data().setZero((long) row * width, width);
  }

  static EngineException failure(Values in, int row, SqlType from, SqlType to, ZoneId zone) {
    String value = CellText.text(in, row, zone);
    if (from.kind() == SqlType.Kind.VARCHAR) {
      return new EngineException(
          ErrorCode.INVALID_CAST, "'" + shortened(value) + "' is not a valid " + to.sql());
    }
    return new EngineException(
        ErrorCode.INVALID_CAST,
        value + " (" + from.sql() + ") cannot be converted to " + to.sql() + " without loss");
  }

  private static String shortened(String value) {
    return value.length() <= 100 ? value : value.substring(0, 100) + "...";
  }
}
