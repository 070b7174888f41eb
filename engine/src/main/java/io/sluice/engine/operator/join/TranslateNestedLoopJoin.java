package io.sluice.engine.operator.join;

import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code NestedLoopJoinPlan} to pipelines. */
public final class TranslateNestedLoopJoin {
  private TranslateNestedLoopJoin() {}

  public static Flow translate(PhysicalPlan.NestedLoopJoinPlan plan, PipelineBuilder builder) {
    return JoinPipelines.of(JoinShape.of(plan), builder);
  }
}
