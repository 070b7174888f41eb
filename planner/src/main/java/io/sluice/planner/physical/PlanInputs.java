package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.List;

/** A plan node over other inputs, or with other names of its columns. */
final class PlanInputs {
  private PlanInputs() {}

  /**
   * @param inputs with the columns of those in whose place they stand
   */
  static PhysicalPlan with(PhysicalPlan plan, List<PhysicalPlan> inputs) {
    if (inputs.equals(plan.inputs())) {
      return plan;
    }
    return plan instanceof PhysicalPlan.ProjectPlan project
        ? merged(project, inputs.getFirst())
        : with(plan, inputs, plan.output());
  }

  /**
   * @param output of the types that the node has; nodes that hand rows on have their input's
   */
  static PhysicalPlan with(
      PhysicalPlan plan, List<PhysicalPlan> inputs, List<OutputColumn> output) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan scan ->
          new PhysicalPlan.ScanPlan(
              scan.table(), scan.version(), scan.tableColumns(), scan.filter(), output);
      case PhysicalPlan.ValuesPlan values -> new PhysicalPlan.ValuesPlan(values.rows(), output);
      case PhysicalPlan.FilterPlan filter ->
          new PhysicalPlan.FilterPlan(inputs.getFirst(), filter.condition());
      case PhysicalPlan.ProjectPlan project ->
          new PhysicalPlan.ProjectPlan(inputs.getFirst(), project.expressions(), output);
      case PhysicalPlan.AggregatePlan aggregate ->
          new PhysicalPlan.AggregatePlan(
              inputs.getFirst(),
              aggregate.groups(),
              aggregate.groupingSets(),
              aggregate.calls(),
              output);
      case PhysicalPlan.HashJoinPlan join ->
          new PhysicalPlan.HashJoinPlan(
              inputs.getFirst(),
              inputs.get(1),
              join.kind(),
              join.leftKeys(),
              join.rightKeys(),
              join.nullSafe(),
              join.residual(),
              output);
      case PhysicalPlan.NestedLoopJoinPlan join ->
          new PhysicalPlan.NestedLoopJoinPlan(
              inputs.getFirst(), inputs.get(1), join.kind(), join.condition(), output);
      case PhysicalPlan.AsofJoinPlan join ->
          new PhysicalPlan.AsofJoinPlan(
              inputs.getFirst(),
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
              output);
      case PhysicalPlan.LookupJoinPlan lookup ->
          new PhysicalPlan.LookupJoinPlan(
              inputs.getFirst(),
              lookup.table(),
              lookup.keys(),
              lookup.keyNames(),
              lookup.tableColumns(),
              lookup.outer(),
              lookup.distinct(),
              output);
      case PhysicalPlan.SortPlan sort -> new PhysicalPlan.SortPlan(inputs.getFirst(), sort.keys());
      case PhysicalPlan.TopNPlan top ->
          new PhysicalPlan.TopNPlan(inputs.getFirst(), top.keys(), top.offset(), top.limit());
      case PhysicalPlan.LimitPlan limit ->
          new PhysicalPlan.LimitPlan(inputs.getFirst(), limit.offset(), limit.limit());
      case PhysicalPlan.ShardPlan shard ->
          new PhysicalPlan.ShardPlan(
              inputs.getFirst(), shard.shard(), shard.shards(), shard.shuffle());
      case PhysicalPlan.UnionPlan union -> new PhysicalPlan.UnionPlan(inputs, output);
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
