package io.sluice.engine.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source, operators and a sink, run by one or several tasks. Filled by {@link PipelineBuilder}.
 */
public final class Pipeline implements Completion {
  /** A step and the plan node that its time and rows count for. */
  record Stage(OperatorFactory factory, OperatorStats stats) {}

  final SourceSupply supply;
  final OperatorStats sourceStats;
  final List<Stage> stages = new ArrayList<>();
  final List<Completion> waitsFor = new ArrayList<>();
  @Nullable BreakerNode sink;

  Pipeline(SourceSupply supply, OperatorStats sourceStats) {
    this.supply = supply;
    this.sourceStats = sourceStats;
  }
}
