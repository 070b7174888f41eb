package io.sluice.engine.operator.aggregate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code AggregatePlan} to pipelines. */
public final class TranslateAggregate {
  private TranslateAggregate() {}

  public static Flow translate(PhysicalPlan.AggregatePlan plan, PipelineBuilder builder) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "no operator for Aggregate");
  }
}
