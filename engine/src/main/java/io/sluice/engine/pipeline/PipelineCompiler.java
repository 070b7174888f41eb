package io.sluice.engine.pipeline;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.operator.aggregate.TranslateAggregate;
import io.sluice.engine.operator.asof.TranslateAsofJoin;
import io.sluice.engine.operator.join.TranslateHashJoin;
import io.sluice.engine.operator.join.TranslateNestedLoopJoin;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cuts a plan into pipelines: one translator per plan record. */
public final class PipelineCompiler {
  private record TableKey(TableName name, TableVersion version) {}

  private final EngineConfig config;
  private final QueryContext context;
  private final QueryMemory memory;
  private final Map<TableKey, TableSnapshot> tables = new HashMap<>();
  private final List<Pipeline> pipelines = new ArrayList<>();
  private final List<BreakerNode> breakers = new ArrayList<>();
  private final List<AutoCloseable> resources = new ArrayList<>();

  public PipelineCompiler(EngineConfig config, QueryContext context, QueryMemory memory) {
    this.config = config;
    this.context = context;
    this.memory = memory;
  }

  EngineConfig config() {
    return config;
  }

  QueryContext context() {
    return context;
  }

  QueryMemory memory() {
    return memory;
  }

  TableSnapshot table(TableName name, TableVersion version) {
    return tables.computeIfAbsent(
        new TableKey(name, version), key -> context.tables().resolve(name, version));
  }

  <T extends AutoCloseable> T own(T resource) {
    resources.add(resource);
    return resource;
  }

  void ended(Flow flow, BreakerNode node) {
    pipelines.addAll(flow.pipelines());
    breakers.add(node);
  }

  Flow translate(PhysicalPlan plan, OperatorStats stats) {
    PipelineBuilder builder = new PipelineBuilder(this, plan.inputs(), stats);
    return switch (plan) {
      case PhysicalPlan.HashJoinPlan join -> TranslateHashJoin.translate(join, builder);
      case PhysicalPlan.NestedLoopJoinPlan join -> TranslateNestedLoopJoin.translate(join, builder);
      case PhysicalPlan.AggregatePlan aggregate -> TranslateAggregate.translate(aggregate, builder);
      case PhysicalPlan.AsofJoinPlan join -> TranslateAsofJoin.translate(join, builder);
      case PhysicalPlan.ScanPlan scan -> throw unsupported(scan);
      case PhysicalPlan.ValuesPlan values -> throw unsupported(values);
      case PhysicalPlan.FilterPlan filter -> throw unsupported(filter);
      case PhysicalPlan.ProjectPlan project -> throw unsupported(project);
      case PhysicalPlan.SortPlan sort -> throw unsupported(sort);
      case PhysicalPlan.TopNPlan topN -> throw unsupported(topN);
      case PhysicalPlan.LimitPlan limit -> throw unsupported(limit);
      case PhysicalPlan.UnionPlan union -> throw unsupported(union);
    };
  }

  private static EngineException unsupported(PhysicalPlan plan) {
    return new EngineException(
        ErrorCode.UNSUPPORTED, "no operator for " + plan.getClass().getSimpleName());
  }
}
