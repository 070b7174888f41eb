package io.sluice.engine.pipeline;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.QueryContext;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * What a translator of one plan node builds with. A typical breaker is
 *
 * <pre>{@code
 * Completion built = builder.into(builder.input(0), breaker);
 * return builder.source(breaker.result(), built);
 * }</pre>
 *
 * and a typical operator {@code builder.append(builder.input(0), task -> new XOperator(...))}.
 */
public final class PipelineBuilder {
  private final PipelineCompiler compiler;
  private final List<PhysicalPlan> inputs;
  private final OperatorStats stats;

  PipelineBuilder(PipelineCompiler compiler, List<PhysicalPlan> inputs, OperatorStats stats) {
    this.compiler = compiler;
    this.inputs = inputs;
    this.stats = stats;
  }

  public EngineConfig config() {
    return compiler.config();
  }

  public QueryContext context() {
    return compiler.context();
  }

  public QueryMemory memory() {
    return compiler.memory();
  }

  /** The one snapshot that all references to this table and version read. */
  public TableSnapshot table(TableName name, TableVersion version) {
    return compiler.table(name, version);
  }

  /** Whether the scan's rows become the result without a step that has an order of its own. */
  public boolean isResultScan(PhysicalPlan.ScanPlan scan) {
    return compiler.isResultScan(scan);
  }

  /** The figures of the plan node. */
  public OperatorStats stats() {
    return stats;
  }

  /** Translates input {@code i} of the plan node; once per input. */
  public Flow input(int i) {
    return compiler.translate(inputs.get(i), stats.input(i));
  }

  /** A new flow that starts once {@code after} is complete. Takes ownership of the supply. */
  public Flow source(SourceSupply supply, Completion... after) {
    Pipeline pipeline = new Pipeline(compiler.own(supply), stats);
    pipeline.waitsFor.addAll(List.of(after));
    return new Flow(List.of(pipeline));
  }

  /** The same flow, started once {@code done} is complete. */
  public Flow after(Flow flow, Completion done) {
    flow.pipelines().forEach(pipeline -> pipeline.waitsFor.add(done));
    return flow;
  }

  /** The flow through an operator. */
  public Flow append(Flow flow, OperatorFactory factory) {
    flow.pipelines().forEach(p -> p.stages.add(new Pipeline.Stage(factory, stats)));
    return flow;
  }

  /** Ends the flow in a breaker, of which it takes ownership. */
  public Completion into(Flow flow, Breaker breaker) {
    BreakerNode node = new BreakerNode(compiler.own(breaker), stats);
    for (Pipeline pipeline : flow.pipelines()) {
      pipeline.sink = node;
      node.inputs.add(pipeline);
    }
    compiler.ended(flow, node);
    return node;
  }

  /**
   * All rows of {@code first}, and of {@code then} once {@code first} has ended: such as the rows
   * of a hash table that no probe has matched.
   */
  public Flow andThen(Flow first, SourceSupply then) {
    Flow second = source(then, first.pipelines().toArray(Completion[]::new));
    return concat(List.of(first, second));
  }

  /** All rows of all flows, in no order. */
  public Flow concat(List<Flow> flows) {
    List<Pipeline> pipelines = new ArrayList<>();
    flows.forEach(flow -> pipelines.addAll(flow.pipelines()));
    return new Flow(pipelines);
  }

  /**
   * Closes something as soon as the flow has ended, wherever the flow will lead; at the latest when
   * the query ends. For what the flow reads: a hash table, sorted runs.
   */
  public void closeAfter(Flow flow, AutoCloseable resource) {
    SharedClose close = compiler.own(new SharedClose(resource, flow.pipelines().size()));
    flow.pipelines().forEach(pipeline -> pipeline.closesAfter.add(close));
  }

  /**
   * Keeps something open until the query ends, at the latest; owners may close it earlier.
   *
   * @return the same
   */
  public <T extends AutoCloseable> T own(T resource) {
    return compiler.own(resource);
  }
}
