package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the spine says about right rows that may match, as conditions that a scan skips by. */
final class RuntimeFilter {
  private RuntimeFilter() {}

  /**
   * @param match the right deciding operand
   * @param keys the right keys
   */
  static List<Expression> of(
      AsofShape shape, Spine spine, Expression match, List<Expression> keys) {
    List<Expression> conditions = new ArrayList<>();
    if (match instanceof Expression.InputRef && isWhole(match.type())) {
      long last = Operands.value(spine.lastInstant(), shape.inverted());
      conditions.add(comparison(shape.inverted() ? "ge" : "le", match, last));
    }
    if (keys.size() == 1
        && keys.getFirst() instanceof Expression.InputRef key
        && isWhole(key.type())
        && spine.entities() instanceof LongEntities entities
        && entities.size() > 0) {
      conditions.add(comparison("ge", key, entities.least()));
      conditions.add(comparison("le", key, entities.greatest()));
    }
    return conditions;
  }

  /** Whether codes are the literals' values. */
  private static boolean isWhole(SqlType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> true;
      default -> false;
    };
  }

  private static Expression comparison(String function, Expression column, long value) {
    return new Expression.Call(
        function, List.of(column, new Expression.Literal(value, column.type())), SqlType.BOOLEAN);
  }

  /** All conditions as one, or null where there is none. */
  static @Nullable Expression and(List<Expression> conditions) {
    return conditions.size() > 1
        ? new Expression.Call("and", conditions, SqlType.BOOLEAN)
        : conditions.isEmpty() ? null : conditions.getFirst();
  }
}
