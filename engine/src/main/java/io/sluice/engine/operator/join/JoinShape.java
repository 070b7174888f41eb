package io.sluice.engine.operator.join;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.JoinKind;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a join does, taken from its plan.
 *
 * @param keys null for a nested-loop join
 * @param condition over pairs: the residual of a hash join, or null
 * @param storedColumns the right columns that are needed after the build
 */
record JoinShape(
    JoinKind kind,
    List<SqlType> leftTypes,
    List<SqlType> rightTypes,
    @Nullable BuildKeys keys,
    @Nullable PairCondition condition,
    List<Integer> storedColumns) {

  static JoinShape of(PhysicalPlan.HashJoinPlan plan) {
    BuildKeys keys = new BuildKeys(plan.leftKeys(), plan.rightKeys(), plan.nullSafe());
    return of(plan.kind(), plan.left(), plan.right(), keys, plan.residual());
  }

  static JoinShape of(PhysicalPlan.NestedLoopJoinPlan plan) {
    return of(plan.kind(), plan.left(), plan.right(), null, plan.condition());
  }

  private static JoinShape of(
      JoinKind kind,
      PhysicalPlan left,
      PhysicalPlan right,
      @Nullable BuildKeys keys,
      @Nullable Expression condition) {
    List<SqlType> leftTypes = left.output().stream().map(OutputColumn::type).toList();
    List<SqlType> rightTypes = right.output().stream().map(OutputColumn::type).toList();
    PairCondition pairs = condition == null ? null : PairCondition.of(condition, leftTypes.size());
    List<Integer> stored =
        emitsPairs(kind)
            ? IntStream.range(0, rightTypes.size()).boxed().toList()
            : pairs == null ? List.of() : pairs.rightColumns();
    return new JoinShape(kind, leftTypes, rightTypes, keys, pairs, stored);
  }

  private static boolean emitsPairs(JoinKind kind) {
    return switch (kind) {
      case INNER, LEFT, RIGHT, FULL -> true;
      case SEMI, ANTI, NULL_AWARE_ANTI, MARK -> false;
    };
  }

  /** Whether the output has right columns. */
  boolean emitsPairs() {
    return emitsPairs(kind);
  }

  boolean emitsUnmatchedLeft() {
    return kind == JoinKind.LEFT || kind == JoinKind.FULL;
  }

  boolean emitsUnmatchedRight() {
    return kind == JoinKind.RIGHT || kind == JoinKind.FULL;
  }

  /** Whether rows count although a NULL in their key equals nothing. */
  boolean keepsUnlinked() {
    return emitsUnmatchedRight() || knowsMaybe();
  }

  /** Whether the result distinguishes no match from an unknown one. */
  boolean knowsMaybe() {
    return kind == JoinKind.NULL_AWARE_ANTI || kind == JoinKind.MARK;
  }

  /** Whether there is no output where the right side has no rows. */
  boolean needsRight() {
    return kind == JoinKind.INNER || kind == JoinKind.SEMI || kind == JoinKind.RIGHT;
  }
}
