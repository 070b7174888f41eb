package io.sluice.engine.operator.sort;

import io.sluice.engine.pipeline.Completion;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.SortKey;
import java.util.List;

/** {@code SortPlan} to pipelines. */
public final class TranslateSort {
  private TranslateSort() {}

  public static Flow translate(PhysicalPlan.SortPlan plan, PipelineBuilder builder) {
    return sort(plan.keys(), plan.output(), 0, Long.MAX_VALUE, builder);
  }

  /** Sorts input 0 and gives the rows {@code offset} to {@code end}. */
  static Flow sort(
      List<SortKey> keys,
      List<OutputColumn> output,
      long offset,
      long end,
      PipelineBuilder builder) {
    SortKeyEncoder encoder = new SortKeyEncoder(keys, output);
    Flow input = builder.input(0);
    SortBreaker breaker = new SortBreaker(encoder, builder.memory(), builder.stats());
    Completion sorted = builder.into(input, breaker);
    Flow flow = builder.source(new MergeSupply(breaker::runs, output, offset, end), sorted);
    builder.closeAfter(flow, breaker);
    return flow;
  }
}
