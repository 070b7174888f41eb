package io.sluice.engine.pipeline;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.QueryContext;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.operator.aggregate.TranslateAggregate;
import io.sluice.engine.operator.asof.TranslateAsofJoin;
import io.sluice.engine.operator.filter.TranslateFilter;
import io.sluice.engine.operator.join.TranslateHashJoin;
import io.sluice.engine.operator.join.TranslateNestedLoopJoin;
import io.sluice.engine.operator.limit.TranslateLimit;
import io.sluice.engine.operator.lookup.TranslateLookupJoin;
import io.sluice.engine.operator.project.TranslateProject;
import io.sluice.engine.operator.scan.TranslateScan;
import io.sluice.engine.operator.shard.TranslateShard;
import io.sluice.engine.operator.sort.TranslateSort;
import io.sluice.engine.operator.sort.TranslateTopN;
import io.sluice.engine.operator.union.TranslateUnion;
import io.sluice.engine.operator.values.TranslateValues;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  private @Nullable PhysicalPlan resultScan;

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

  /**
   * Compiles a plan. Where it fails, everything is closed.
   *
   * @throws EngineException what is wrong with the plan or its tables
   */
  CompiledQuery compile(PhysicalPlan plan) {
    OperatorStats stats = PlanNames.stats(plan);
    resultScan = resultScan(plan);
    return compile(plan, stats, () -> translate(plan, stats));
  }

  /** The scan whose rows become the result, or are counted, in its order. */
  private static PhysicalPlan resultScan(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.FilterPlan filter -> resultScan(filter.input());
      case PhysicalPlan.ProjectPlan project -> resultScan(project.input());
      case PhysicalPlan.LimitPlan limit -> resultScan(limit.input());
      case PhysicalPlan.ShardPlan shard -> resultScan(shard.input());
      case PhysicalPlan.SortPlan sort when sort.input() instanceof PhysicalPlan.ShardPlan shard ->
          resultScan(shard);
      default -> plan;
    };
  }

  boolean isResultScan(PhysicalPlan.ScanPlan scan) {
    return scan == resultScan;
  }

  /** Compiles with a translation of the root that may be another than that of the switch. */
  CompiledQuery compile(PhysicalPlan plan, OperatorStats stats, Supplier<Flow> translation) {
    ResultBuffer results = new ResultBuffer(plan.output());
    try {
      PipelineBuilder root = new PipelineBuilder(this, List.of(plan), stats);
      Completion done = root.into(translation.get(), results);
      boolean direct = new DirectPlans(this::table).isDirect(plan);
      return new CompiledQuery(pipelines, breakers, done, direct, resources, stats, results);
    } catch (RuntimeException | Error failure) {
      try {
        Failures.closeAll(resources.reversed());
      } catch (RuntimeException | Error second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  Flow translate(PhysicalPlan plan, OperatorStats stats) {
    PipelineBuilder builder = new PipelineBuilder(this, plan.inputs(), stats);
    return switch (plan) {
      case PhysicalPlan.HashJoinPlan join -> TranslateHashJoin.translate(join, builder);
      case PhysicalPlan.NestedLoopJoinPlan join -> TranslateNestedLoopJoin.translate(join, builder);
      case PhysicalPlan.AggregatePlan aggregate -> TranslateAggregate.translate(aggregate, builder);
      case PhysicalPlan.AsofJoinPlan join -> TranslateAsofJoin.translate(join, builder);
      case PhysicalPlan.LookupJoinPlan lookup -> TranslateLookupJoin.translate(lookup, builder);
      case PhysicalPlan.ScanPlan scan -> TranslateScan.translate(scan, builder);
      case PhysicalPlan.ValuesPlan values -> TranslateValues.translate(values, builder);
      case PhysicalPlan.FilterPlan filter -> TranslateFilter.translate(filter, builder);
      case PhysicalPlan.ProjectPlan project -> TranslateProject.translate(project, builder);
      case PhysicalPlan.SortPlan sort -> TranslateSort.translate(sort, builder);
      case PhysicalPlan.TopNPlan topN -> TranslateTopN.translate(topN, builder);
      case PhysicalPlan.LimitPlan limit -> TranslateLimit.translate(limit, builder);
      case PhysicalPlan.ShardPlan shard -> TranslateShard.translate(shard, builder);
      case PhysicalPlan.UnionPlan union -> TranslateUnion.translate(union, builder);
    };
  }
}
