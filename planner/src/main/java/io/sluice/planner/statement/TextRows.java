package io.sluice.planner.statement;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of text that a statement gives. */
final class TextRows {
  private final List<OutputColumn> columns;
  private final List<List<Expression>> rows = new ArrayList<>();

  TextRows(List<OutputColumn> columns) {
    this.columns = columns;
  }

  static List<OutputColumn> columns(String... names) {
    return Arrays.stream(names).map(name -> new OutputColumn(name, SqlType.VARCHAR, true)).toList();
  }

  void add(@Nullable String... cells) {
    List<Expression> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(new Expression.Literal(cell, SqlType.VARCHAR));
    }
    rows.add(row);
  }

  PhysicalPlan plan() {
    return new PhysicalPlan.ValuesPlan(rows, columns);
  }
}
