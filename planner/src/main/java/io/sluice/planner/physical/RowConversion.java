package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.SortKey;
import io.sluice.engine.type.SqlType;
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

  /**
   * Rows that say how to change a table: the address, the change's number, then values, converted.
   * Rows without a number are left out; the others come in the order of their addresses.
   *
   * @param rows the address, then the number unless there is one kind of change only, then values
   * @param types of the values
   * @param numbered whether the rows have the number
   */
  public static PhysicalPlan changes(PhysicalPlan rows, List<SqlType> types, boolean numbered) {
    int first = numbered ? 2 : 1;
    PhysicalPlan chosen =
        numbered
            ? new PhysicalPlan.FilterPlan(
                rows,
                ExpressionTranslator.call("is_not_null", List.of(PlanTranslator.ref(rows, 1))))
            : rows;
    List<Expression> expressions = new ArrayList<>();
    List<OutputColumn> output = new ArrayList<>();
    expressions.add(PlanTranslator.ref(chosen, 0));
    output.add(chosen.output().getFirst());
    expressions.add(
        numbered
            ? ExpressionTranslator.convert(PlanTranslator.ref(chosen, 1), SqlType.INTEGER)
            : new Expression.Literal(0L, SqlType.INTEGER));
    output.add(new OutputColumn("change", SqlType.INTEGER, false));
    for (int i = 0; i < types.size(); i++) {
      expressions.add(
          ExpressionTranslator.convert(PlanTranslator.ref(chosen, first + i), types.get(i)));
      output.add(new OutputColumn(chosen.output().get(first + i).name(), types.get(i), true));
    }
    return new PhysicalPlan.SortPlan(
        Projections.project(chosen, expressions, output), List.of(new SortKey(0, false, false)));
  }
}
