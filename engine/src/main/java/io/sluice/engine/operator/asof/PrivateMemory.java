package io.sluice.engine.operator.asof;

import io.sluice.engine.pipeline.PipelineBuilder;
import org.apache.arrow.memory.BufferAllocator;

/** The allocator of one join's private state. */
final class PrivateMemory {
  private PrivateMemory() {}

  /** Closed when the query ends, after all breakers. */
  static BufferAllocator of(PipelineBuilder builder) {
    BufferAllocator allocator = builder.memory().child(builder.stats().name());
    builder.own(
        () -> {
          builder.stats().held(allocator.getPeakMemoryAllocation());
          allocator.close();
        });
    return allocator;
  }
}
