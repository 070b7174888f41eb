package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.AsofBound;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a plan's operands become codes that are compared as right &lt;= left. */
record AsofShape(PhysicalPlan.AsofJoinPlan plan) {
  /** Whether the right operands grow in code as they fall in value. */
  boolean inverted() {
    return !plan.direction().backward();
  }

  List<SqlType> keyTypes() {
    return plan.leftKeys().stream().map(Expression::type).toList();
  }

  /**
   * Whether every right row has a first slot, for which it need not be kept: where the bounds
   * ascend with the instants, which is seen in the data.
   */
  boolean streams() {
    return direct() && plan.residual() == null;
  }

  /** Whether 64 bits hold the deciding operand and all bounds. */
  boolean direct() {
    return directInstant()
        && plan.bounds().stream().allMatch(bound -> OrderCodes.supports(bound.left().type()));
  }

  /** Whether 64 bits hold the deciding operand. */
  boolean directInstant() {
    return plan.leftMatch().size() == 1 && OrderCodes.supports(plan.leftMatch().getFirst().type());
  }

  /** The same without bounds: for a spine that only says what may match. */
  AsofShape withoutBounds() {
    return new AsofShape(
        new PhysicalPlan.AsofJoinPlan(
            plan.left(),
            plan.right(),
            plan.outer(),
            plan.leftKeys(),
            plan.rightKeys(),
            plan.leftMatch(),
            plan.rightMatch(),
            plan.direction(),
            List.of(),
            plan.tolerance(),
            plan.residual(),
            plan.tieColumns(),
            plan.output()));
  }

  /** The right columns that break ties. */
  List<Expression> tieColumns() {
    List<Expression> columns = new ArrayList<>();
    for (int column : plan.tieColumns()) {
      columns.add(new Expression.InputRef(column, plan.right().output().get(column).type()));
    }
    return columns;
  }

  /** Bounds and residual over left columns, then right columns; null where there is none. */
  @Nullable Expression residual() {
    int leftColumns = plan.left().output().size();
    List<Expression> conditions = new ArrayList<>();
    for (AsofBound bound : plan.bounds()) {
      String function =
          inverted() ? (bound.strict() ? "gt" : "ge") : (bound.strict() ? "lt" : "le");
      Expression right = InputRefs.shift(bound.right(), leftColumns);
      conditions.add(new Expression.Call(function, List.of(right, bound.left()), SqlType.BOOLEAN));
    }
    if (plan.residual() != null) {
      conditions.add(plan.residual());
    }
    return RuntimeFilter.and(conditions);
  }

  /** The left codes: the deciding one, then the bounds. */
  List<Operands.Ordered> left() {
    List<Operands.Ordered> operands = new ArrayList<>();
    operands.add(
        new Operands.Ordered(
            plan.leftMatch().getFirst(), inverted(), !plan.direction().inclusive()));
    for (AsofBound bound : plan.bounds()) {
      operands.add(new Operands.Ordered(bound.left(), inverted(), bound.strict()));
    }
    return operands;
  }

  /** The right codes, in the same order, over {@code right}'s columns. */
  List<Operands.Ordered> right(List<Expression> match, List<Expression> bounds) {
    List<Operands.Ordered> operands = new ArrayList<>();
    operands.add(new Operands.Ordered(match.getFirst(), inverted(), false));
    for (Expression bound : bounds) {
      operands.add(new Operands.Ordered(bound, inverted(), false));
    }
    return operands;
  }
}
