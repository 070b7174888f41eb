package io.sluice.engine.operator.values;

import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code ValuesPlan} to pipelines. */
public final class TranslateValues {
  private TranslateValues() {}

  public static Flow translate(PhysicalPlan.ValuesPlan plan, PipelineBuilder builder) {
    return builder.source(plan.rows().isEmpty() ? new EmptySupply() : new ValuesSupply(plan));
  }
}
