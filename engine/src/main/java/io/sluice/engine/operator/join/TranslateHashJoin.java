package io.sluice.engine.operator.join;

import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code HashJoinPlan} to pipelines. */
public final class TranslateHashJoin {
  private TranslateHashJoin() {}

  public static Flow translate(PhysicalPlan.HashJoinPlan plan, PipelineBuilder builder) {
    return JoinPipelines.of(JoinShape.of(plan), builder);
  }
}
