package io.sluice.engine.operator.asof;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code AsofJoinPlan} to pipelines. */
public final class TranslateAsofJoin {
  private TranslateAsofJoin() {}

  public static Flow translate(PhysicalPlan.AsofJoinPlan plan, PipelineBuilder builder) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "no operator for AsofJoin");
  }
}
