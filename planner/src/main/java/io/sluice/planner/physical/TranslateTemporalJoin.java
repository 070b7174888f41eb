package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.AsofBound;
import io.sluice.engine.plan.AsofDirection;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.rules.TemporalJoin;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * An ASOF join's conditions sorted into what the operator does with each: keys, the deciding
 * operands, bounds, a tolerance, and the residual for everything else.
 */
final class TranslateTemporalJoin {
  private final ExpressionTranslator expressions;
  private final int leftWidth;
  private final JoinCondition.Sides deciding;
  private final AsofDirection direction;
  private final List<Expression> leftKeys = new ArrayList<>();
  private final List<Expression> rightKeys = new ArrayList<>();
  private final List<Expression> leftMatch = new ArrayList<>();
  private final List<Expression> rightMatch = new ArrayList<>();
  private final List<AsofBound> bounds = new ArrayList<>();
  private @Nullable Expression tolerance;
  private @Nullable Expression residual;

  private TranslateTemporalJoin(
      ExpressionTranslator expressions, int leftWidth, JoinCondition.Sides deciding, SqlKind kind) {
    this.expressions = expressions;
    this.leftWidth = leftWidth;
    this.deciding = deciding;
    this.direction = direction(deciding.reversed() ? kind : kind.reverse());
  }

  static PhysicalPlan translate(TemporalJoin join, PlanTranslator plans) {
    PhysicalPlan left = plans.translate(join.getLeft());
    PhysicalPlan right = plans.translate(join.getRight());
    List<OutputColumn> output = PlanTranslator.columns(join.getRowType());
    int leftWidth = left.output().size();
    JoinCondition.Sides deciding = JoinCondition.Sides.of(join.deciding(), leftWidth);
    if (deciding == null) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "MATCH_CONDITION must begin with a comparison of a time of one side with a time of the"
              + " other");
    }
    TranslateTemporalJoin parts =
        new TranslateTemporalJoin(
            plans.expressions(), leftWidth, deciding, join.deciding().getKind());
    parts.match();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.condition())) {
      parts.add(conjunct);
    }
    return parts.plan(left, right, join.outer(), output);
  }

  private void match() {
    List<RexNode> left = operands(deciding.left());
    List<RexNode> right = operands(deciding.right());
    for (int i = 0; i < left.size(); i++) {
      List<Expression> pair =
          JoinCondition.Sides.sameType(
              expressions.translate(left.get(i)), expressions.translate(right.get(i)));
      leftMatch.add(pair.get(0));
      rightMatch.add(TranslateJoin.shift(pair.get(1), -leftWidth));
    }
  }

  private static List<RexNode> operands(RexNode node) {
    return node.getKind() == SqlKind.ROW ? ((RexCall) node).getOperands() : List.of(node);
  }

  /** How the right operand lies, where {@code right KIND left}. */
  private static AsofDirection direction(SqlKind kind) {
    return switch (kind) {
      case LESS_THAN_OR_EQUAL -> AsofDirection.AT_OR_BEFORE;
      case LESS_THAN -> AsofDirection.BEFORE;
      case GREATER_THAN_OR_EQUAL -> AsofDirection.AT_OR_AFTER;
      case GREATER_THAN -> AsofDirection.AFTER;
      default -> throw new AssertionError(kind);
    };
  }

  private void add(RexNode written) {
    RexNode conjunct = DifferenceComparison.apart(written, leftWidth, expressions.builder());
    JoinCondition.Sides sides = JoinCondition.Sides.of(conjunct, leftWidth);
    if (sides == null && RelOptUtil.InputFinder.bits(conjunct).length() <= leftWidth) {
      // of the left row alone: whatever wins, it counts or it does not
      tolerance = and(tolerance, expressions.translate(conjunct));
      return;
    }
    if (sides == null) {
      residual = and(residual, expressions.translate(conjunct));
      return;
    }
    SqlKind rightToLeft = sides.reversed() ? conjunct.getKind() : conjunct.getKind().reverse();
    switch (rightToLeft) {
      case EQUALS -> {
        List<Expression> pair = pair(sides);
        leftKeys.add(pair.get(0));
        rightKeys.add(TranslateJoin.shift(pair.get(1), -leftWidth));
      }
      case LESS_THAN, LESS_THAN_OR_EQUAL -> compare(conjunct, sides, rightToLeft, true);
      case GREATER_THAN, GREATER_THAN_OR_EQUAL -> compare(conjunct, sides, rightToLeft, false);
      default -> residual = and(residual, expressions.translate(conjunct));
    }
  }

  /**
   * {@code right <= left} bounds a backward join where its left operand may grow with the deciding
   * one; {@code right >= left} is a tolerance of it where its right operand moves with the deciding
   * one. A forward join is the mirror image.
   */
  private void compare(
      RexNode conjunct, JoinCondition.Sides sides, SqlKind rightToLeft, boolean below) {
    boolean strict = rightToLeft == SqlKind.LESS_THAN || rightToLeft == SqlKind.GREATER_THAN;
    if (below == direction.backward() && mayGrow(sides.left())) {
      List<Expression> pair = pair(sides);
      bounds.add(new AsofBound(pair.get(0), TranslateJoin.shift(pair.get(1), -leftWidth), strict));
    } else if (below != direction.backward()
        && moves(sides.right(), operands(deciding.right()).getFirst())) {
      tolerance = and(tolerance, expressions.translate(conjunct));
    } else {
      residual = and(residual, expressions.translate(conjunct));
    }
  }

  private List<Expression> pair(JoinCondition.Sides sides) {
    return JoinCondition.Sides.sameType(
        expressions.translate(sides.left()), expressions.translate(sides.right()));
  }

  /**
   * Whether it is worth a try: an instant, or a value of the deciding operand's columns. Whether it
   * does grow is seen in the data.
   */
  private boolean mayGrow(RexNode left) {
    return SqlTypeName.DATETIME_TYPES.contains(left.getType().getSqlTypeName())
        || RelOptUtil.InputFinder.bits(deciding.left()).contains(RelOptUtil.InputFinder.bits(left));
  }

  /** Whether one never decreases while the other increases: they differ by constants alone. */
  private static boolean moves(RexNode node, RexNode deciding) {
    return base(node).equals(base(deciding));
  }

  private static RexNode base(RexNode node) {
    RexNode plain = node;
    if (node.getKind() == SqlKind.CAST) {
      RexNode input = ((RexCall) node).getOperands().get(0);
      // a cast to a coarser type would make different instants equal
      if (input.getType().getSqlTypeName() == node.getType().getSqlTypeName()
          && input.getType().getPrecision() <= node.getType().getPrecision()) {
        return base(input);
      }
    }
    if (plain instanceof RexCall call
        && (call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS)
        && call.getOperands().size() == 2
        && isConstant(call.getOperands().get(1))) {
      return base(call.getOperands().get(0));
    }
    return plain;
  }

  private static boolean isConstant(RexNode node) {
    // months differ in length: adding them can make different days equal
    return RexUtil.isConstant(node)
        && !SqlTypeName.YEAR_INTERVAL_TYPES.contains(node.getType().getSqlTypeName());
  }

  private static Expression and(@Nullable Expression a, Expression b) {
    return a == null ? b : TranslateFilter.and(a, b);
  }

  private PhysicalPlan plan(
      PhysicalPlan left, PhysicalPlan right, boolean outer, List<OutputColumn> output) {
    List<Integer> ties =
        hasRowOrder(right) ? List.of() : IntStream.range(0, right.output().size()).boxed().toList();
    return new PhysicalPlan.AsofJoinPlan(
        left,
        right,
        outer,
        leftKeys,
        rightKeys,
        leftMatch,
        rightMatch,
        direction,
        bounds,
        tolerance,
        residual,
        ties,
        output);
  }

  /** Whether rows are those of a table, whatever is computed of them. */
  private static boolean hasRowOrder(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan ignored -> true;
      case PhysicalPlan.FilterPlan filter -> hasRowOrder(filter.input());
      case PhysicalPlan.ProjectPlan project -> hasRowOrder(project.input());
      default -> false;
    };
  }
}
