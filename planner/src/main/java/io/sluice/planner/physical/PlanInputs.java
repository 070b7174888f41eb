package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.List;

/** A plan node over other inputs that have the same columns. */
final class PlanInputs {
  private PlanInputs() {}

  static PhysicalPlan with(PhysicalPlan plan, List<PhysicalPlan> inputs) {
    if (inputs.equals(plan.inputs())) {
      return plan;
    }
    PhysicalPlan first = inputs.getFirst();
    return switch (plan) {
      case PhysicalPlan.ScanPlan scan -> scan;
      case PhysicalPlan.ValuesPlan values -> values;
      case PhysicalPlan.FilterPlan filter -> new PhysicalPlan.FilterPlan(first, filter.condition());
      case PhysicalPlan.ProjectPlan project -> merged(project, first);
      case PhysicalPlan.AggregatePlan aggregate ->
          new PhysicalPlan.AggregatePlan(
              first,
              aggregate.groups(),
              aggregate.groupingSets(),
              aggregate.calls(),
              aggregate.output());
      case PhysicalPlan.HashJoinPlan join ->
          new PhysicalPlan.HashJoinPlan(
              first,
              inputs.get(1),
              join.kind(),
              join.leftKeys(),
              join.rightKeys(),
              join.nullSafe(),
              join.residual(),
              join.output());
      case PhysicalPlan.NestedLoopJoinPlan join ->
          new PhysicalPlan.NestedLoopJoinPlan(
              first, inputs.get(1), join.kind(), join.condition(), join.output());
      case PhysicalPlan.AsofJoinPlan join ->
          new PhysicalPlan.AsofJoinPlan(
              first,
              inputs.get(1),
              join.outer(),
              join.leftKeys(),
              join.rightKeys(),
              join.leftMatch(),
              join.rightMatch(),
              join.direction(),
              join.bounds(),
              join.tolerance(),
              join.residual(),
              join.tieColumns(),
              join.output());
      case PhysicalPlan.LookupJoinPlan lookup ->
          new PhysicalPlan.LookupJoinPlan(
              first,
              lookup.table(),
              lookup.keys(),
              lookup.keyNames(),
              lookup.tableColumns(),
              lookup.outer(),
              lookup.distinct(),
              lookup.output());
      case PhysicalPlan.SortPlan sort -> new PhysicalPlan.SortPlan(first, sort.keys());
      case PhysicalPlan.TopNPlan top ->
          new PhysicalPlan.TopNPlan(first, top.keys(), top.offset(), top.limit());
      case PhysicalPlan.LimitPlan limit ->
          new PhysicalPlan.LimitPlan(first, limit.offset(), limit.limit());
      case PhysicalPlan.ShardPlan shard ->
          new PhysicalPlan.ShardPlan(first, shard.shard(), shard.shards(), shard.shuffle());
      case PhysicalPlan.UnionPlan union -> new PhysicalPlan.UnionPlan(inputs, union.output());
    };
  }

  /** Over a projection that only chooses columns there is but one. */
  private static PhysicalPlan merged(PhysicalPlan.ProjectPlan project, PhysicalPlan input) {
    if (input instanceof PhysicalPlan.ProjectPlan inner
        && inner.expressions().stream().allMatch(e -> e instanceof Expression.InputRef)) {
      return new PhysicalPlan.ProjectPlan(
          inner.input(),
          project.expressions().stream()
              .map(e -> References.inline(e, inner.expressions()))
              .toList(),
          project.output());
    }
    return new PhysicalPlan.ProjectPlan(input, project.expressions(), project.output());
  }
}
