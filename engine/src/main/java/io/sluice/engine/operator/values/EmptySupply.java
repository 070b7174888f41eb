package io.sluice.engine.operator.values;

import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;

/** No rows. */
public final class EmptySupply implements SourceSupply {
  @Override
  public int maxTasks() {
    return 1;
  }

  @Override
  public Source open(TaskContext task) {
    return new Source() {
      @Override
      public Poll poll() {
        return Poll.FINISHED;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
