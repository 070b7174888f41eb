package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.JoinKind;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.rules.Cardinality;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.core.Join;

/** Joins; the smaller side of an inner or outer join is the one that is built. */
final class TranslateJoin {
  private TranslateJoin() {}

  static PhysicalPlan translate(Join join, PlanTranslator plans) {
    PhysicalPlan left = plans.translate(join.getLeft());
    PhysicalPlan right = plans.translate(join.getRight());
    List<OutputColumn> output = PlanTranslator.columns(join.getRowType());
    JoinKind kind = kind(join);
    int leftWidth = left.output().size();
    JoinCondition condition = JoinCondition.of(join.getCondition(), leftWidth, plans.expressions());
    Optional<PhysicalPlan> lookup = lookup(left, right, kind, condition, output, plans.lookups());
    if (lookup.isPresent()) {
      return lookup.get();
    }
    boolean swap =
        switch (kind) {
          case INNER, LEFT, RIGHT, FULL ->
              Cardinality.rows(join.getLeft()) < Cardinality.rows(join.getRight());
          case SEMI, ANTI, NULL_AWARE_ANTI, MARK -> false;
        };
    if (!swap) {
      return join(left, right, kind, condition, output);
    }
    PhysicalPlan joined =
        join(
            right,
            left,
            mirrored(kind),
            condition.swapped(leftWidth, right.output().size()),
            swapped(output, leftWidth));
    return swappedBack(joined, output, leftWidth);
  }

  private static List<OutputColumn> swapped(List<OutputColumn> output, int leftWidth) {
    List<OutputColumn> swapped = new ArrayList<>(output.subList(leftWidth, output.size()));
    swapped.addAll(output.subList(0, leftWidth));
    return swapped;
  }

  private static PhysicalPlan swappedBack(
      PhysicalPlan joined, List<OutputColumn> output, int leftWidth) {
    int rightWidth = output.size() - leftWidth;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < output.size(); i++) {
      order.add(i < leftWidth ? i + rightWidth : i - leftWidth);
    }
    return new PhysicalPlan.ProjectPlan(joined, Projections.refs(joined, order), output);
  }

  /** The join along the key of an online table on either side, or empty where it is none. */
  private static Optional<PhysicalPlan> lookup(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      JoinCondition condition,
      List<OutputColumn> output,
      Lookups lookups) {
    Optional<PhysicalPlan> straight =
        lookups.drives(left, right)
            ? lookups.join(left, right, kind, condition, output)
            : Optional.empty();
    if (straight.isPresent()) {
      return straight;
    }
    if (!lookups.drives(right, left)) {
      return Optional.empty();
    }
    int leftWidth = left.output().size();
    return lookups
        .join(
            right,
            left,
            mirrored(kind),
            condition.swapped(leftWidth, right.output().size()),
            swapped(output, leftWidth))
        .map(joined -> swappedBack(joined, output, leftWidth));
  }

  private static PhysicalPlan join(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      JoinCondition condition,
      List<OutputColumn> output) {
    if (condition.leftKeys().isEmpty()) {
      return new PhysicalPlan.NestedLoopJoinPlan(left, right, kind, condition.residual(), output);
    }
    return new PhysicalPlan.HashJoinPlan(
        left,
        right,
        kind,
        condition.leftKeys(),
        condition.rightKeys(),
        condition.nullSafe(),
        condition.residual(),
        output);
  }

  private static JoinKind kind(Join join) {
    return switch (join.getJoinType()) {
      case INNER -> JoinKind.INNER;
      case LEFT -> JoinKind.LEFT;
      case RIGHT -> JoinKind.RIGHT;
      case FULL -> JoinKind.FULL;
      case SEMI -> JoinKind.SEMI;
      case ANTI -> JoinKind.ANTI;
      case LEFT_MARK -> JoinKind.MARK;
      case ASOF, LEFT_ASOF ->
          throw new EngineException(ErrorCode.INTERNAL, "an ASOF join as a plain join");
    };
  }

  private static JoinKind mirrored(JoinKind kind) {
    return switch (kind) {
      case LEFT -> JoinKind.RIGHT;
      case RIGHT -> JoinKind.LEFT;
      default -> kind;
    };
  }

  static Expression shift(Expression expression, int by) {
    return References.map(expression, column -> column + by);
  }
}
