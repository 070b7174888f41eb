package io.sluice.engine.operator.aggregate;

import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.SupportsMetadataAggregates;
import io.sluice.engine.connector.SupportsMetadataAggregates.Known;
import io.sluice.engine.connector.SupportsMetadataAggregates.Wanted;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.AggregateCall;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one row of an aggregation that needs no rows: counts and extremes of a whole table, or of
 * what a filter leaves of it, where the table's metadata tell them.
 */
final class MetadataAnswer {
  private MetadataAnswer() {}

  /** The row, or null where rows must be read. */
  static PhysicalPlan.@Nullable ValuesPlan of(
      PhysicalPlan.AggregatePlan plan, PipelineBuilder builder) {
    if (!plan.groups().isEmpty() || !plan.groupingSets().isEmpty()) {
      return null;
    }
    PhysicalPlan.ScanPlan scan = scan(plan.input());
    List<Wanted> wanted = scan == null ? null : wanted(plan, scan);
    if (scan == null
        || wanted == null
        || !(builder.table(scan.table(), scan.version())
            instanceof SupportsMetadataAggregates table)) {
      return null;
    }
    Known known =
        table.aggregates(wanted, new ScanRequest(scan.tableColumns(), scan.filter())).orElse(null);
    if (known == null) {
      return null;
    }
    builder.stats().add("files answered from metadata", known.files());
    List<Expression> row = new ArrayList<>();
    for (int i = 0; i < plan.calls().size(); i++) {
      row.add(new Expression.Literal(known.values().get(i), plan.calls().get(i).type()));
    }
    return new PhysicalPlan.ValuesPlan(List.of(row), plan.output());
  }

  /** What an aggregation reads, through projections that only choose columns. */
  private static PhysicalPlan.@Nullable ScanPlan scan(PhysicalPlan input) {
    return switch (input) {
      case PhysicalPlan.ScanPlan scan -> scan;
      case PhysicalPlan.ProjectPlan project -> scan(project.input());
      default -> null;
    };
  }

  private static @Nullable List<Wanted> wanted(
      PhysicalPlan.AggregatePlan plan, PhysicalPlan.ScanPlan scan) {
    List<Wanted> wanted = new ArrayList<>();
    for (AggregateCall call : plan.calls()) {
      Wanted one = call.filter() < 0 ? wanted(call, plan.input(), scan) : null;
      if (one == null) {
        return null;
      }
      wanted.add(one);
    }
    return wanted;
  }

  private static @Nullable Wanted wanted(
      AggregateCall call, PhysicalPlan input, PhysicalPlan.ScanPlan scan) {
    boolean count = call.function().equals("count") && !call.distinct();
    if (call.arguments().isEmpty()) {
      return count ? new Wanted.Rows() : null;
    }
    String column =
        call.arguments().size() == 1 ? column(input, call.arguments().getFirst(), scan) : null;
    if (column == null) {
      return null;
    }
    return switch (call.function()) {
      case "count" -> count ? new Wanted.Values(column) : null;
      case "min" -> new Wanted.Least(column);
      case "max" -> new Wanted.Greatest(column);
      default -> null;
    };
  }

  /** The table's column that an input's column is, or null. */
  private static @Nullable String column(
      PhysicalPlan input, int column, PhysicalPlan.ScanPlan scan) {
    if (input instanceof PhysicalPlan.ProjectPlan project) {
      return project.expressions().get(column) instanceof Expression.InputRef ref
          ? column(project.input(), ref.column(), scan)
          : null;
    }
    return scan.tableColumns().get(column);
  }
}
