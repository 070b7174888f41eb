package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;

/** Rows in the columns of a table. */
public final class RowConversion {
  private RowConversion() {}

  /**
   * The same rows in the table's columns and types; columns that the rows do not give are NULL.
   *
   * @param positions for each column of the rows, its place in the table
   * @throws EngineException NOT_NULL_VIOLATION where a column that must not be NULL is not given
   */
  public static PhysicalPlan to(
      PhysicalPlan rows, List<ColumnDefinition> table, List<Integer> positions) {
    List<Expression> expressions = new ArrayList<>();
    List<OutputColumn> output = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      ColumnDefinition column = table.get(i);
      int source = positions.indexOf(i);
      if (source < 0 && !column.nullable()) {
        throw new EngineException(
            ErrorCode.NOT_NULL_VIOLATION,
            "column " + column.name() + " is NOT NULL and gets no value");
      }
      expressions.add(
          source < 0
              ? new Expression.Literal(null, column.type())
              : ExpressionTranslator.convert(PlanTranslator.ref(rows, source), column.type()));
      output.add(new OutputColumn(column.name(), column.type(), column.nullable()));
    }
    return Projections.project(rows, expressions, output);
  }
}
