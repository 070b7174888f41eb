package io.sluice.engine.operator.union;

import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;

/** {@code UnionPlan} to pipelines: those of all inputs, side by side. */
public final class TranslateUnion {
  private TranslateUnion() {}

  public static Flow translate(PhysicalPlan.UnionPlan plan, PipelineBuilder builder) {
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < plan.inputs().size(); i++) {
      flows.add(builder.input(i));
    }
    builder.stats().countsRowsOfInputs();
    return builder.concat(flows);
  }
}
