package io.sluice.engine.operator.join;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code HashJoinPlan} to pipelines. */
public final class TranslateHashJoin {
  private TranslateHashJoin() {}

  public static Flow translate(PhysicalPlan.HashJoinPlan plan, PipelineBuilder builder) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "no operator for HashJoin");
  }
}
