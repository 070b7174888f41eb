package io.sluice.engine.operator.project;

import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code ProjectPlan} to pipelines. */
public final class TranslateProject {
  private TranslateProject() {}

  public static Flow translate(PhysicalPlan.ProjectPlan plan, PipelineBuilder builder) {
    return builder.append(builder.input(0), task -> new ProjectOperator(plan.expressions(), task));
  }
}
