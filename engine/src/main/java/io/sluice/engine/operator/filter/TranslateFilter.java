package io.sluice.engine.operator.filter;

import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code FilterPlan} to pipelines. */
public final class TranslateFilter {
  private TranslateFilter() {}

  public static Flow translate(PhysicalPlan.FilterPlan plan, PipelineBuilder builder) {
    return builder.append(
        builder.input(0),
        task -> new FilterOperator(task.expressions().compileFilter(plan.condition())));
  }
}
