package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Constant rows with parameters, and lookups of them, as one plan for many lists of values. */
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
   * @return empty where the plan reads tables other than by key, or makes more than one row of a
   *     list
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
      case PhysicalPlan.FilterPlan filter -> isOneRow(filter.input());
      case PhysicalPlan.LookupJoinPlan lookup -> !lookup.distinct() && isOneRow(lookup.left());
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
      default -> {
        PhysicalPlan wide = carrying(plan);
        yield new PhysicalPlan.ProjectPlan(
            wide, Projections.refs(wide, range(0, plan.output().size())), plan.output());
      }
    };
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** The plan's columns and, after them, the parameters. */
  private PhysicalPlan carrying(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.FilterPlan filter ->
          new PhysicalPlan.FilterPlan(
              carrying(filter.input()),
              References.parametersFrom(filter.condition(), filter.output().size()));
      case PhysicalPlan.LookupJoinPlan lookup -> carrying(lookup);
      default -> {
        PhysicalPlan.ProjectPlan own = (PhysicalPlan.ProjectPlan) top(plan);
        List<Expression> expressions = new ArrayList<>(own.expressions());
        int first = own.input().output().size() - columns.size();
        for (int i = 0; i < columns.size(); i++) {
          expressions.add(new Expression.InputRef(first + i, columns.get(i).type()));
        }
        yield new PhysicalPlan.ProjectPlan(own.input(), expressions, carrying(own.output()));
      }
    };
  }

  private List<OutputColumn> carrying(List<OutputColumn> output) {
    List<OutputColumn> wide = new ArrayList<>(output);
    wide.addAll(columns);
    return wide;
  }

  /** What is looked up comes behind the left side's parameters, and is put before them. */
  private PhysicalPlan carrying(PhysicalPlan.LookupJoinPlan lookup) {
    PhysicalPlan left = carrying(lookup.left());
    int leftWidth = lookup.left().output().size();
    int wideWidth = left.output().size();
    List<OutputColumn> found = lookup.output().subList(leftWidth, lookup.output().size());
    List<OutputColumn> output = new ArrayList<>(left.output());
    output.addAll(found);
    PhysicalPlan wide =
        new PhysicalPlan.LookupJoinPlan(
            left,
            lookup.table(),
            overColumns(lookup.keys(), leftWidth),
            lookup.keyNames(),
            lookup.tableColumns(),
            lookup.outer(),
            false,
            output);
    List<Integer> order = new ArrayList<>(range(0, leftWidth));
    order.addAll(range(wideWidth, output.size()));
    order.addAll(range(leftWidth, wideWidth));
    return new PhysicalPlan.ProjectPlan(
        wide, Projections.refs(wide, order), carrying(lookup.output()));
  }

  private static List<Expression> overColumns(List<Expression> expressions, int width) {
    return expressions.stream().map(e -> References.parametersFrom(e, width)).toList();
  }
}
