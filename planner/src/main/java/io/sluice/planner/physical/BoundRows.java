package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Constant rows with parameters, as one plan for many lists of values. */
public final class BoundRows {
  private final List<List<Expression>> values;
  private final List<OutputColumn> columns = new ArrayList<>();

  private BoundRows(List<List<Expression.Literal>> values) {
    this.values = values.stream().map(List::<Expression>copyOf).toList();
    List<Expression.Literal> first = values.getFirst();
    for (int i = 0; i < first.size(); i++) {
      columns.add(new OutputColumn("$" + i, first.get(i).type(), true));
    }
  }

  /**
   * The rows of all executions: parameters are read as columns.
   *
   * @param values of the parameters, at least one list; all of the same types
   * @return empty where the plan reads tables, or makes other than one row of each list
   */
  public static Optional<PhysicalPlan> of(
      PhysicalPlan plan, List<List<Expression.Literal>> values) {
    if (!isOneRow(plan)) {
      return Optional.empty();
    }
    return Optional.of(new BoundRows(values).top(plan));
  }

  private static boolean isOneRow(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ProjectPlan project -> isOneRow(project.input());
      case PhysicalPlan.ValuesPlan rows -> rows.rows().size() == 1;
      default -> false;
    };
  }

  private PhysicalPlan top(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ProjectPlan project ->
          new PhysicalPlan.ProjectPlan(
              carrying(project.input()),
              overColumns(project.expressions(), project.input().output().size()),
              project.output());
      case PhysicalPlan.ValuesPlan row ->
          new PhysicalPlan.ProjectPlan(
              new PhysicalPlan.ValuesPlan(values, columns),
              overColumns(row.rows().getFirst(), 0),
              row.output());
      default -> throw new AssertionError(plan);
    };
  }

  /** The plan's columns and, after them, the parameters. */
  private PhysicalPlan carrying(PhysicalPlan plan) {
    PhysicalPlan.ProjectPlan own = (PhysicalPlan.ProjectPlan) top(plan);
    List<Expression> expressions = new ArrayList<>(own.expressions());
    int first = own.input().output().size() - columns.size();
    for (int i = 0; i < columns.size(); i++) {
      expressions.add(new Expression.InputRef(first + i, columns.get(i).type()));
    }
    List<OutputColumn> output = new ArrayList<>(own.output());
    output.addAll(columns);
    return new PhysicalPlan.ProjectPlan(own.input(), expressions, output);
  }

  private static List<Expression> overColumns(List<Expression> expressions, int width) {
    return expressions.stream().map(e -> References.parametersFrom(e, width)).toList();
  }
}
