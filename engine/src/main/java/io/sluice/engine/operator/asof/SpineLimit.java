package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.AsofBound;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * A comparison that every match satisfies. No right row can match that fails it for the most
 * permissive left row: {@code right <= greatest left}, or {@code right >= least left}.
 *
 * @param left over left columns
 * @param right over right columns
 * @param upper whether the right operand lies at or below the left one, else at or above
 */
record SpineLimit(Expression left, Expression right, boolean upper) {
  /** Of the deciding comparison, the bounds and the tolerance, as far as scans can skip by them. */
  static List<SpineLimit> of(PhysicalPlan.AsofJoinPlan plan) {
    List<SpineLimit> limits = new ArrayList<>();
    boolean backward = plan.direction().backward();
    add(limits, plan.leftMatch().getFirst(), plan.rightMatch().getFirst(), backward);
    for (AsofBound bound : plan.bounds()) {
      add(limits, bound.left(), bound.right(), backward);
    }
    if (plan.tolerance() != null) {
      addTolerance(limits, plan.tolerance(), plan.left().output().size());
    }
    return limits;
  }

  private static void add(
      List<SpineLimit> limits, Expression left, Expression right, boolean upper) {
    if (left.type().equals(right.type()) && isWhole(left.type())) {
      limits.add(new SpineLimit(left, right, upper));
    }
  }

  private static void addTolerance(List<SpineLimit> limits, Expression condition, int leftWidth) {
    if (!(condition instanceof Expression.Call call)) {
      return;
    }
    if (call.function().equals("and")) {
      call.arguments().forEach(part -> addTolerance(limits, part, leftWidth));
      return;
    }
    boolean below = call.function().equals("le") || call.function().equals("lt");
    boolean above = call.function().equals("ge") || call.function().equals("gt");
    if ((!below && !above) || call.arguments().size() != 2) {
      return;
    }
    Expression first = call.arguments().get(0);
    Expression second = call.arguments().get(1);
    if (reads(first, 0, leftWidth) && reads(second, leftWidth, Integer.MAX_VALUE)) {
      add(limits, new Expression.Try(first), InputRefs.shift(second, -leftWidth), above);
    } else if (reads(second, 0, leftWidth) && reads(first, leftWidth, Integer.MAX_VALUE)) {
      add(limits, new Expression.Try(second), InputRefs.shift(first, -leftWidth), below);
    }
  }

  private static boolean reads(Expression expression, int from, int to) {
    SortedSet<Integer> columns = InputRefs.of(List.of(expression));
    return !columns.isEmpty() && columns.first() >= from && columns.last() < to;
  }

  /** Whether codes are the literals' values. */
  static boolean isWhole(SqlType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> true;
      default -> false;
    };
  }

  /** What to evaluate of left rows. */
  Operands.Ordered operand() {
    return new Operands.Ordered(left, false, false);
  }
}
