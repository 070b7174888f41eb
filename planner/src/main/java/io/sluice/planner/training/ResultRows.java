package io.sluice.planner.training;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The few rows that a statement gives, as a plan. */
final class ResultRows {
  private final List<OutputColumn> columns;
  private final List<List<Expression>> rows = new ArrayList<>();

  ResultRows(List<OutputColumn> columns) {
    this.columns = columns;
  }

  static OutputColumn column(String name, SqlType type) {
    return new OutputColumn(name, type, true);
  }

  /** Values in the form of {@code Expression.Literal}. */
  void add(@Nullable Object... cells) {
    List<Expression> row = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      row.add(new Expression.Literal(cells[i], columns.get(i).type()));
    }
    rows.add(row);
  }

  PhysicalPlan plan() {
    return new PhysicalPlan.ValuesPlan(rows, columns);
  }
}
