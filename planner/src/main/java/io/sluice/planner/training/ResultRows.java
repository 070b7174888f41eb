package io.sluice.planner.training;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The few rows that a statement gives, as a plan. */
public final class ResultRows {
  private final List<OutputColumn> columns;
  private final List<List<Expression>> rows = new ArrayList<>();

  public ResultRows(List<OutputColumn> columns) {
    this.columns = columns;
  }

  public static OutputColumn column(String name, SqlType type) {
    return new OutputColumn(name, type, true);
  }

  /** Values in the form of {@code Expression.Literal}. */
  public void add(@Nullable Object... cells) {
    List<Expression> row = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      row.add(new Expression.Literal(cells[i], columns.get(i).type()));
    }
    rows.add(row);
  }

  public PhysicalPlan plan() {
    return new PhysicalPlan.ValuesPlan(rows, columns);
  }
}
