package io.sluice.engine.pipeline;

import java.util.ArrayList;
import java.util.List;

/** A breaker and the pipelines that end in it. */
final class BreakerNode implements Completion {
  final Breaker breaker;
  final OperatorStats stats;
  final List<Pipeline> inputs = new ArrayList<>();

  /** Whether no further row is wanted. */
  volatile boolean finished;

  BreakerNode(Breaker breaker, OperatorStats stats) {
    this.breaker = breaker;
    this.stats = stats;
  }
}
