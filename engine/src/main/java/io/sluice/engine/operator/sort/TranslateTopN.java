package io.sluice.engine.operator.sort;

import io.sluice.engine.operator.values.EmptySupply;
import io.sluice.engine.pipeline.Completion;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code TopNPlan} to pipelines. */
public final class TranslateTopN {
  /** Above this, keeping the first rows costs more than sorting all. */
  private static final long MAX_KEPT_ROWS = 100_000;

  private TranslateTopN() {}

  public static Flow translate(PhysicalPlan.TopNPlan plan, PipelineBuilder builder) {
    long offset = plan.offset().rows(builder.context().parameters());
    long limit = plan.limit().rows(builder.context().parameters());
    if (limit == 0) {
      return builder.source(new EmptySupply());
    }
    long sum = offset + limit;
    long end = limit < 0 || sum < 0 ? Long.MAX_VALUE : sum;
    if (end > MAX_KEPT_ROWS) {
      return TranslateSort.sort(plan.keys(), plan.output(), offset, end, builder);
    }
    SortKeyEncoder encoder = new SortKeyEncoder(plan.keys(), plan.output());
    Flow input = builder.input(0);
    TopNBreaker breaker = new TopNBreaker(encoder, (int) end, builder.memory(), builder.stats());
    Completion kept = builder.into(input, breaker);
    Flow flow = builder.source(new MergeSupply(breaker::runs, plan.output(), offset, end), kept);
    builder.closeAfter(flow, breaker);
    return flow;
  }
}
