package io.sluice.engine.operator.join;

import io.sluice.engine.pipeline.Completion;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;

/** The pipelines of both joins: the right side into the build, the left side past it. */
final class JoinPipelines {
  private JoinPipelines() {}

  static Flow of(JoinShape shape, PipelineBuilder builder) {
    JoinBuild build = new JoinBuild(shape, builder.memory().child("join"), builder.stats());
    Completion built = builder.into(builder.input(1), build);
    Flow probe = builder.append(builder.input(0), task -> new JoinOperator(shape, build, task));
    Flow joined = builder.after(probe, built);
    return shape.emitsUnmatchedRight()
        ? builder.andThen(joined, new UnmatchedSupply(shape, build))
        : joined;
  }
}
