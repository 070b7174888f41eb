package io.sluice.engine.operator.limit;

import io.sluice.engine.operator.values.EmptySupply;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code LimitPlan} to pipelines. */
public final class TranslateLimit {
  private TranslateLimit() {}

  public static Flow translate(PhysicalPlan.LimitPlan plan, PipelineBuilder builder) {
    long limit = plan.limit().rows(builder.context().parameters());
    if (limit == 0) {
      return builder.source(new EmptySupply());
    }
    RowRange range = new RowRange(plan.offset().rows(builder.context().parameters()), limit);
    return builder.append(builder.input(0), task -> new LimitOperator(range, task.allocator()));
  }
}
