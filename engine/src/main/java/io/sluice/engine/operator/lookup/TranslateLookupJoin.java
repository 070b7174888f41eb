package io.sluice.engine.operator.lookup;

import io.sluice.engine.online.OnlineTable;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code LookupJoinPlan} to pipelines. */
public final class TranslateLookupJoin {
  private TranslateLookupJoin() {}

  public static Flow translate(PhysicalPlan.LookupJoinPlan plan, PipelineBuilder builder) {
    OnlineTable table = builder.context().online().find(plan.table());
    LookupShape shape = LookupShape.of(plan, table);
    return builder.append(builder.input(0), task -> new LookupJoinOperator(shape, task));
  }
}
