package io.sluice.planner.physical;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A comparison of the difference of two instants, one of each side, with an interval of the left
 * side or a constant: {@code l.ts - r.ts < INTERVAL '6' HOUR}. It is turned into one that has each
 * side in an operand of its own: {@code r.ts > l.ts - INTERVAL '6' HOUR}.
 */
final class DifferenceComparison {
  private static final int MICROS = 6;

  private DifferenceComparison() {}

  /** The comparison with the sides apart, or the condition itself where it has another form. */
  static RexNode apart(RexNode condition, int leftWidth, RexBuilder builder) {
    if (!SqlKind.ORDER_COMPARISON.contains(condition.getKind())) {
      return condition;
    }
    List<RexNode> operands = ((RexCall) condition).getOperands();
    if (operands.get(1).getKind() == SqlKind.MINUS) {
      // INTERVAL > a - b
      SqlOperator reversed = ((RexCall) condition).getOperator().reverse();
      return reversed == null
          ? condition
          : apart(condition, reversed, operands.get(1), operands.get(0), leftWidth, builder);
    }
    SqlOperator operator = ((RexCall) condition).getOperator();
    return apart(condition, operator, operands.get(0), operands.get(1), leftWidth, builder);
  }

  /** {@code a - b operator interval}. */
  private static RexNode apart(
      RexNode condition,
      SqlOperator operator,
      RexNode difference,
      RexNode interval,
      int leftWidth,
      RexBuilder builder) {
    if (difference.getKind() != SqlKind.MINUS
        || !SqlTypeName.DAY_INTERVAL_TYPES.contains(interval.getType().getSqlTypeName())
        || !onLeft(interval, leftWidth)) {
      return condition;
    }
    RexNode a = ((RexCall) difference).getOperands().get(0);
    RexNode b = ((RexCall) difference).getOperands().get(1);
    SqlOperator minus = ((RexCall) difference).getOperator();
    if (!isInstant(a.getType())
        || !a.getType().getSqlTypeName().equals(b.getType().getSqlTypeName())
        || !isInstant(b.getType())) {
      return condition;
    }
    SqlOperator reversed = operator.reverse();
    if (onLeft(a, leftWidth) && onRight(b, leftWidth) && reversed != null) {
      RexNode limit = builder.makeCall(a.getType(), minus, List.of(a, interval));
      return builder.makeCall(condition.getType(), reversed, List.of(b, limit));
    }
    if (onRight(a, leftWidth) && onLeft(b, leftWidth)) {
      RexNode limit = builder.makeCall(b.getType(), SqlStdOperatorTable.PLUS, List.of(b, interval));
      return builder.makeCall(condition.getType(), operator, List.of(a, limit));
    }
    return condition;
  }

  /** Differences of nanoseconds are cut to microseconds, so that they are not turned around. */
  private static boolean isInstant(RelDataType type) {
    return (type.getSqlTypeName() == SqlTypeName.TIMESTAMP
            || type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
        && type.getPrecision() <= MICROS;
  }

  private static boolean onLeft(RexNode node, int leftWidth) {
    return RelOptUtil.InputFinder.bits(node).length() <= leftWidth;
  }

  private static boolean onRight(RexNode node, int leftWidth) {
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(node);
    return !used.isEmpty() && used.nextSetBit(0) >= leftWidth;
  }
}
