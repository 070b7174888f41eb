package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * A join's condition in parts.
 *
 * @param leftKeys over left columns; equal to the right key of the same index
 * @param rightKeys over right columns
 * @param nullSafe whether NULL equals NULL
 * @param residual over left columns, then right columns
 */
record JoinCondition(
    List<Expression> leftKeys,
    List<Expression> rightKeys,
    List<Boolean> nullSafe,
    @Nullable Expression residual) {
  static JoinCondition of(RexNode condition, int leftWidth, ExpressionTranslator expressions) {
    List<Expression> leftKeys = new ArrayList<>();
    List<Expression> rightKeys = new ArrayList<>();
    List<Boolean> nullSafe = new ArrayList<>();
    Expression residual = null;
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      Sides sides = Sides.of(conjunct, leftWidth);
      if (sides != null
          && (conjunct.getKind() == SqlKind.EQUALS
              || conjunct.getKind() == SqlKind.IS_NOT_DISTINCT_FROM)) {
        List<Expression> pair =
            Sides.sameType(
                expressions.translate(sides.left()), expressions.translate(sides.right()));
        leftKeys.add(pair.get(0));
        rightKeys.add(TranslateJoin.shift(pair.get(1), -leftWidth));
        nullSafe.add(conjunct.getKind() == SqlKind.IS_NOT_DISTINCT_FROM);
      } else {
        Expression translated = expressions.translate(conjunct);
        residual = residual == null ? translated : TranslateFilter.and(residual, translated);
      }
    }
    return new JoinCondition(leftKeys, rightKeys, nullSafe, residual);
  }

  /** The same condition with the sides exchanged. */
  JoinCondition swapped(int leftWidth, int rightWidth) {
    Expression mapped =
        residual == null
            ? null
            : References.map(
                residual, column -> column < leftWidth ? column + rightWidth : column - leftWidth);
    return new JoinCondition(rightKeys, leftKeys, nullSafe, mapped);
  }

  /**
   * The operands of a comparison that has columns of one side in each.
   *
   * @param reversed whether the right side's operand stands first
   */
  record Sides(RexNode left, RexNode right, boolean reversed) {
    static @Nullable Sides of(RexNode comparison, int leftWidth) {
      if (!(comparison instanceof RexCall call) || call.getOperands().size() != 2) {
        return null;
      }
      RexNode a = call.getOperands().get(0);
      RexNode b = call.getOperands().get(1);
      if (onLeft(a, leftWidth) && onRight(b, leftWidth)) {
        return new Sides(a, b, false);
      }
      return onLeft(b, leftWidth) && onRight(a, leftWidth) ? new Sides(b, a, true) : null;
    }

    private static boolean onLeft(RexNode node, int leftWidth) {
      ImmutableBitSet used = RelOptUtil.InputFinder.bits(node);
      return !used.isEmpty() && used.length() <= leftWidth;
    }

    private static boolean onRight(RexNode node, int leftWidth) {
      ImmutableBitSet used = RelOptUtil.InputFinder.bits(node);
      return !used.isEmpty() && used.nextSetBit(0) >= leftWidth;
    }

    /** Both operands in the type in which they compare. */
    static List<Expression> sameType(Expression left, Expression right) {
      Expression.Call equal =
          (Expression.Call) ExpressionTranslator.call("eq", List.of(left, right));
      return equal.arguments();
    }
  }
}
