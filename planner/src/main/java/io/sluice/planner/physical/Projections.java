package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Projections, merged into scans where they only choose columns. */
final class Projections {
  private Projections() {}

  /** Expressions over an input; a scan underneath reads only the columns that they need. */
  static PhysicalPlan project(
      PhysicalPlan input, List<Expression> expressions, List<OutputColumn> output) {
    if (input instanceof PhysicalPlan.ScanPlan scan) {
      return overScan(scan, expressions, output);
    }
    if (input instanceof PhysicalPlan.ValuesPlan values && isConstant(values)) {
      return overValues(values, expressions, output);
    }
    if (isIdentity(expressions, input.output().size())) {
      return input.output().equals(output) ? input : relabel(input, output);
    }
    return new PhysicalPlan.ProjectPlan(input, expressions, output);
  }

  private static boolean isConstant(PhysicalPlan.ValuesPlan values) {
    return values.rows().stream()
        .flatMap(List::stream)
        .allMatch(cell -> cell instanceof Expression.Literal);
  }

  /** Rows of expressions, so that several such rows are one source and keep their order. */
  private static PhysicalPlan overValues(
      PhysicalPlan.ValuesPlan values, List<Expression> expressions, List<OutputColumn> output) {
    List<List<Expression>> rows = new ArrayList<>();
    for (List<Expression> row : values.rows()) {
      rows.add(expressions.stream().map(e -> References.inline(e, row)).toList());
    }
    return new PhysicalPlan.ValuesPlan(rows, output);
  }

  private static PhysicalPlan overScan(
      PhysicalPlan.ScanPlan scan, List<Expression> expressions, List<OutputColumn> output) {
    TreeSet<Integer> used = new TreeSet<>();
    if (scan.filter() != null) {
      References.collect(scan.filter(), used);
    }
    List<Integer> order = new ArrayList<>();
    boolean plain = true;
    for (Expression expression : expressions) {
      if (expression instanceof Expression.InputRef ref && !order.contains(ref.column())) {
        order.add(ref.column());
      } else {
        plain = false;
      }
    }
    plain &= order.containsAll(used);
    if (!plain) {
      expressions.forEach(expression -> References.collect(expression, used));
      order = new ArrayList<>(used);
    }
    List<OutputColumn> columns = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      OutputColumn column = scan.output().get(order.get(i));
      columns.add(
          plain
              ? new OutputColumn(output.get(i).name(), column.type(), column.nullable())
              : column);
    }
    List<Integer> kept = order;
    PhysicalPlan.ScanPlan narrow =
        new PhysicalPlan.ScanPlan(
            scan.table(),
            scan.version(),
            kept.stream().map(scan.tableColumns()::get).toList(),
            scan.filter() == null ? null : References.map(scan.filter(), kept::indexOf),
            columns);
    return plain
        ? narrow
        : new PhysicalPlan.ProjectPlan(narrow, References.map(expressions, kept::indexOf), output);
  }

  /** The same rows under other column names. */
  static PhysicalPlan relabel(PhysicalPlan plan, List<OutputColumn> output) {
    return switch (plan) {
      case PhysicalPlan.FilterPlan filter -> handedOn(filter, output);
      case PhysicalPlan.SortPlan sort -> handedOn(sort, output);
      case PhysicalPlan.TopNPlan top -> handedOn(top, output);
      case PhysicalPlan.LimitPlan limit -> handedOn(limit, output);
      case PhysicalPlan.ShardPlan shard -> handedOn(shard, output.subList(0, output.size() - 1));
      case PhysicalPlan.ScanPlan scan -> renamed(scan, output);
      case PhysicalPlan.ValuesPlan values -> renamed(values, output);
      case PhysicalPlan.ProjectPlan project -> renamed(project, output);
      case PhysicalPlan.AggregatePlan aggregate -> renamed(aggregate, output);
      case PhysicalPlan.UnionPlan union -> renamed(union, output);
      case PhysicalPlan.HashJoinPlan join -> renamed(join, output);
      case PhysicalPlan.NestedLoopJoinPlan join -> renamed(join, output);
      case PhysicalPlan.AsofJoinPlan join -> renamed(join, output);
      case PhysicalPlan.LookupJoinPlan lookup -> renamed(lookup, output);
    };
  }

  /** A node that hands rows of its one input on. */
  private static PhysicalPlan handedOn(PhysicalPlan plan, List<OutputColumn> output) {
    PhysicalPlan input = relabel(plan.inputs().getFirst(), output);
    return PlanInputs.with(plan, List.of(input), plan.output());
  }

  private static PhysicalPlan renamed(PhysicalPlan plan, List<OutputColumn> output) {
    return PlanInputs.with(plan, plan.inputs(), output);
  }

  private static boolean isIdentity(List<Expression> expressions, int width) {
    if (expressions.size() != width) {
      return false;
    }
    for (int i = 0; i < width; i++) {
      if (!(expressions.get(i) instanceof Expression.InputRef ref && ref.column() == i)) {
        return false;
      }
    }
    return true;
  }

  /** Columns of an input in another order, or some of them. */
  static List<Expression> refs(PhysicalPlan input, List<Integer> columns) {
    return columns.stream().map(c -> PlanTranslator.ref(input, c)).toList();
  }
}
