package io.sluice.engine.pipeline;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.QueryContext;
import io.sluice.engine.memory.QueryMemory;

/** Does one piece of a breaker's work. */
final class WorkTask extends Task implements TaskContext {
  private final BreakerNode node;
  private final Work work;
  private final int taskIndex;
  private final int taskCount;
  private long deadline;

  WorkTask(QueryRun query, BreakerNode node, Work work, int taskIndex, int taskCount) {
    super(query);
    this.node = node;
    this.work = work;
    this.taskIndex = taskIndex;
    this.taskCount = taskCount;
  }

  BreakerNode node() {
    return node;
  }

  @Override
  Outcome runSlice(long until) {
    deadline = until;
    long start = System.nanoTime();
    try {
      boolean more = true;
      while (more) {
        checkCancelled();
        more = work.step(this);
        if (more && yieldDue()) {
          return Outcome.AGAIN;
        }
      }
    } catch (Throwable failure) {
      query().fail(Failures.of(failure, node.stats.name(), memory()));
    } finally {
      node.stats.addNanos(System.nanoTime() - start);
    }
    return Outcome.DONE;
  }

  @Override
  public EngineConfig config() {
    return query().config();
  }

  @Override
  public QueryContext context() {
    return query().context();
  }

  @Override
  public QueryMemory memory() {
    return query().memory();
  }

  @Override
  public int taskIndex() {
    return taskIndex;
  }

  @Override
  public int taskCount() {
    return taskCount;
  }

  @Override
  public boolean yieldDue() {
    return System.nanoTime() - deadline >= 0;
  }

  @Override
  public void checkCancelled() {
    query().checkStopped();
  }
}
