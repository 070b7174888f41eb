package io.sluice.engine.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
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
  final List<SharedClose> closesAfter = new ArrayList<>();
  @Nullable BreakerNode sink;

  /** Stages up to this one need no input any more, in any task; -1 for none. */
  private final AtomicInteger finishedStage = new AtomicInteger(-1);

  Pipeline(SourceSupply supply, OperatorStats sourceStats) {
    this.supply = supply;
    this.sourceStats = sourceStats;
  }

  BreakerNode sink() {
    return Objects.requireNonNull(sink);
  }

  void finishStage(int stage) {
    finishedStage.accumulateAndGet(stage, Math::max);
  }

  int finishedStage() {
    return sink().finished ? stages.size() : finishedStage.get();
  }
}
