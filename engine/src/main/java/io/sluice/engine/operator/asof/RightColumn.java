package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/** Where a right column of the output comes from. */
sealed interface RightColumn {
  SqlType type();

  /** The left column that the join makes equal to it. */
  record OfLeft(int column, SqlType type) implements RightColumn {}

  /** The deciding operand, whose code the slots hold. */
  record OfInstant(SqlType type) implements RightColumn {}

  /** Column {@code index} of what is kept or fetched of the winners. */
  record OfPayload(int index, SqlType type) implements RightColumn {}

  /**
   * What becomes of a right side's columns, where payload is to be avoided. Payload columns come in
   * the order of the columns.
   */
  static List<RightColumn> late(AsofShape shape) {
    List<RightColumn> columns = new ArrayList<>();
    int payload = 0;
    for (int c = 0; c < shape.plan().right().output().size(); c++) {
      SqlType type = shape.plan().right().output().get(c).type();
      Expression self = new Expression.InputRef(c, type);
      int key = shape.plan().rightKeys().indexOf(self);
      if (key >= 0
          && shape.plan().leftKeys().get(key) instanceof Expression.InputRef left
          && left.type().equals(type)
          && !type.isFloating()) {
        columns.add(new OfLeft(left.column(), type));
      } else if (shape.plan().rightMatch().equals(List.of(self)) && isReversible(type)) {
        columns.add(new OfInstant(type));
      } else {
        columns.add(new OfPayload(payload++, type));
      }
    }
    return columns;
  }

  /** All of a right side's columns, where they are kept in memory. */
  static List<RightColumn> kept(AsofShape shape) {
    List<RightColumn> columns = new ArrayList<>();
    for (OutputColumn column : shape.plan().right().output()) {
      columns.add(new OfPayload(columns.size(), column.type()));
    }
    return columns;
  }

  /** Whether codes are the values themselves, so that they can be turned back. */
  private static boolean isReversible(SqlType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> true;
      case INTERVAL_MONTHS, INTERVAL_MICROS -> true;
      default -> false;
    };
  }

  /** Writes the value of a code into a vector of a reversible type. */
  static void write(FieldVector vector, int width, int row, long value) {
    long at = (long) row * width;
    switch (width) {
      case 1 -> vector.getDataBuffer().setByte(at, (byte) value);
      case 2 -> vector.getDataBuffer().setShort(at, (short) value);
      case 4 -> vector.getDataBuffer().setInt(at, (int) value);
      default -> vector.getDataBuffer().setLong(at, value);
    }
  }
}
