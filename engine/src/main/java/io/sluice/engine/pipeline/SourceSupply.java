package io.sluice.engine.pipeline;

/** What all tasks of a pipeline read, handed out to them piece by piece. */
public interface SourceSupply extends AutoCloseable {
  /**
   * How many tasks can share the work, at least 1; with 1 the order of the rows is kept. Asked once
   * the pipelines that this one waits for are complete.
   */
  int maxTasks();

  /** A task's source. Called by the task itself. */
  Source open(TaskContext task);

  /** Called when all sources are closed, also where none was opened. Idempotent. */
  @Override
  void close();
}
