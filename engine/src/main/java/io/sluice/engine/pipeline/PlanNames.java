package io.sluice.engine.pipeline;

import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.RowCount;
import io.sluice.engine.plan.SortKey;
import java.util.List;
import java.util.stream.Collectors;

/** How plan nodes are named in profiles and messages. */
final class PlanNames {
  private PlanNames() {}

  /** The counters of a plan and its inputs. */
  static OperatorStats stats(PhysicalPlan plan) {
    return new OperatorStats(
        name(plan), () -> detail(plan), plan.inputs().stream().map(PlanNames::stats).toList());
  }

  private static String name(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan ignored -> "scan";
      case PhysicalPlan.ValuesPlan ignored -> "values";
      case PhysicalPlan.FilterPlan ignored -> "filter";
      case PhysicalPlan.ProjectPlan ignored -> "project";
      case PhysicalPlan.AggregatePlan ignored -> "aggregate";
      case PhysicalPlan.HashJoinPlan ignored -> "hash join";
      case PhysicalPlan.NestedLoopJoinPlan ignored -> "nested loop join";
      case PhysicalPlan.AsofJoinPlan ignored -> "asof join";
      case PhysicalPlan.LookupJoinPlan ignored -> "lookup";
      case PhysicalPlan.SortPlan ignored -> "sort";
      case PhysicalPlan.TopNPlan ignored -> "top n";
      case PhysicalPlan.LimitPlan ignored -> "limit";
      case PhysicalPlan.ShardPlan ignored -> "shard";
      case PhysicalPlan.UnionPlan ignored -> "union";
    };
  }

  private static String detail(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan scan -> scan.table() + " " + scan.tableColumns();
      case PhysicalPlan.ValuesPlan values -> values.rows().size() + " rows";
      case PhysicalPlan.FilterPlan ignored -> "";
      case PhysicalPlan.ProjectPlan project -> names(project.output());
      case PhysicalPlan.AggregatePlan aggregate -> names(aggregate.output());
      case PhysicalPlan.HashJoinPlan join -> join.kind().toString();
      case PhysicalPlan.NestedLoopJoinPlan join -> join.kind().toString();
      case PhysicalPlan.AsofJoinPlan join -> (join.outer() ? "LEFT " : "INNER ") + join.direction();
      case PhysicalPlan.LookupJoinPlan lookup -> lookup.table() + " " + lookup.tableColumns();
      case PhysicalPlan.SortPlan sort -> keys(sort.output(), sort.keys());
      case PhysicalPlan.TopNPlan topN ->
          keys(topN.output(), topN.keys()) + range(topN.offset(), topN.limit());
      case PhysicalPlan.LimitPlan limit -> range(limit.offset(), limit.limit()).strip();
      case PhysicalPlan.ShardPlan shard -> shard.shard() + " of " + shard.shards();
      case PhysicalPlan.UnionPlan ignored -> "";
    };
  }

  private static String names(List<OutputColumn> columns) {
    return columns.stream().map(OutputColumn::name).collect(Collectors.joining(", "));
  }

  private static String keys(List<OutputColumn> columns, List<SortKey> keys) {
    return keys.stream()
        .map(
            key ->
                columns.get(key.column()).name()
                    + (key.descending() ? " DESC" : "")
                    + (key.nullsFirst() ? " NULLS FIRST" : ""))
        .collect(Collectors.joining(", "));
  }

  private static String range(RowCount offset, RowCount limit) {
    return (limit.equals(RowCount.ALL) ? "" : " limit " + limit)
        + (offset.equals(RowCount.NONE) ? "" : " offset " + offset);
  }
}
