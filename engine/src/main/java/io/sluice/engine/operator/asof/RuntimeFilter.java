package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the spine says about right rows that may match, as conditions that a scan skips by. */
final class RuntimeFilter {
  private RuntimeFilter() {}

  /**
   * @param toScan from an expression over right columns to one over what the scan reads, or null
   *     where that is not read
   */
  static List<Expression> of(
      AsofShape shape, Spine spine, UnaryOperator<@Nullable Expression> toScan) {
    List<Expression> conditions = new ArrayList<>();
    SpineExtent extent = spine.extent();
    for (int i = 0; i < extent.limits().size(); i++) {
      SpineLimit limit = extent.limits().get(i);
      add(conditions, toScan.apply(limit.right()), limit.upper(), extent.extreme(i));
    }
    if (shape.plan().rightKeys().size() == 1
        && SpineLimit.isWhole(shape.plan().rightKeys().getFirst().type())
        && spine.entities() instanceof LongEntities entities
        && entities.size() > 0) {
      Expression key = toScan.apply(shape.plan().rightKeys().getFirst());
      add(conditions, key, false, entities.least());
      add(conditions, key, true, entities.greatest());
    }
    return conditions;
  }

  private static void add(
      List<Expression> conditions, @Nullable Expression operand, boolean upper, long value) {
    Expression condition = operand == null ? null : ScanCondition.of(operand, upper, value);
    if (condition != null) {
      conditions.add(condition);
    }
  }

  /** All conditions as one, or null where there is none. */
  static @Nullable Expression and(List<Expression> conditions) {
    return conditions.size() > 1
        ? new Expression.Call("and", conditions, SqlType.BOOLEAN)
        : conditions.isEmpty() ? null : conditions.getFirst();
  }
}
