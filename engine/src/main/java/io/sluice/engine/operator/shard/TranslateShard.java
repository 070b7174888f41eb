package io.sluice.engine.operator.shard;

import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code ShardPlan} to pipelines: its input comes in order, and so from one task. */
public final class TranslateShard {
  private TranslateShard() {}

  public static Flow translate(PhysicalPlan.ShardPlan plan, PipelineBuilder builder) {
    return builder.append(builder.input(0), task -> new ShardOperator(plan, task.allocator()));
  }
}
