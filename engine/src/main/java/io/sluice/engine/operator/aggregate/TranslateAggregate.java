package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.values.TranslateValues;
import io.sluice.engine.pipeline.Completion;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/**
 * {@code AggregatePlan} to pipelines: one that groups, and one that reads the groups; or one row,
 * where metadata tell it.
 */
public final class TranslateAggregate {
  private TranslateAggregate() {}

  public static Flow translate(PhysicalPlan.AggregatePlan plan, PipelineBuilder builder) {
    PhysicalPlan.ValuesPlan known = MetadataAnswer.of(plan, builder);
    if (known != null) {
      return TranslateValues.translate(known, builder);
    }
    AggregateProgram program = new AggregateProgram(plan);
    HashAggregate aggregate =
        new HashAggregate(program, builder.memory().child("aggregate"), builder.stats());
    Completion grouped = builder.into(builder.input(0), aggregate);
    int batchRows = builder.config().batchRows();
    return builder.source(new GroupSupply(aggregate, plan.output(), batchRows), grouped);
  }
}
