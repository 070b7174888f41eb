package io.sluice.engine.operator.asof;

import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.RowCount;

/** How many rows a plan may give, from the row counts of its tables. */
final class RowEstimate {
  /** The share of rows that a filter is supposed to let pass. */
  private static final double FILTERED = 0.3;

  private RowEstimate() {}

  /** Below 0 where a table does not know. */
  static double of(PhysicalPlan plan, PipelineBuilder builder) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan scan -> {
        double rows = builder.table(scan.table(), scan.version()).statistics().rowCount();
        yield scan.filter() == null ? rows : rows * FILTERED;
      }
      case PhysicalPlan.ValuesPlan values -> values.rows().size();
      case PhysicalPlan.FilterPlan filter -> of(filter.input(), builder) * FILTERED;
      case PhysicalPlan.ProjectPlan project -> of(project.input(), builder);
      case PhysicalPlan.AggregatePlan aggregate ->
          aggregate.groups().isEmpty() ? 1 : of(aggregate.input(), builder) * FILTERED;
      case PhysicalPlan.HashJoinPlan join ->
          Math.max(of(join.left(), builder), of(join.right(), builder));
      case PhysicalPlan.NestedLoopJoinPlan join -> {
        double left = of(join.left(), builder);
        double right = of(join.right(), builder);
        yield left < 0 || right < 0 ? -1 : left * right * FILTERED;
      }
      case PhysicalPlan.AsofJoinPlan join -> of(join.left(), builder);
      case PhysicalPlan.LookupJoinPlan lookup -> of(lookup.left(), builder);
      case PhysicalPlan.SortPlan sort -> of(sort.input(), builder);
      case PhysicalPlan.TopNPlan topN -> limit(of(topN.input(), builder), topN.limit(), builder);
      case PhysicalPlan.LimitPlan limit ->
          limit(of(limit.input(), builder), limit.limit(), builder);
      case PhysicalPlan.ShardPlan shard -> {
        double rows = of(shard.input(), builder);
        yield rows < 0 ? rows : rows / shard.shards();
      }
      case PhysicalPlan.UnionPlan union -> {
        double sum = 0;
        for (PhysicalPlan input : union.inputs()) {
          double rows = of(input, builder);
          if (rows < 0) {
            yield -1;
          }
          sum += rows;
        }
        yield sum;
      }
    };
  }

  private static double limit(double rows, RowCount count, PipelineBuilder builder) {
    long limit = count.rows(builder.context().parameters());
    if (limit < 0) {
      return rows;
    }
    return rows < 0 ? limit : Math.min(rows, limit);
  }
}
