package io.sluice.engine.pipeline;

import java.util.List;

/**
 * Where pipelines end and others begin: it collects rows of all tasks, then is complete, and the
 * pipelines that read its result start.
 */
public interface Breaker extends AutoCloseable {
  /** A task's sink. Called by several workers at once. */
  Sink open(TaskContext task);

  /**
   * Called once, when all sinks of all pipelines into this breaker are finished. Does the little
   * that must be done by one thread and returns the pieces of the rest, which workers do side by
   * side. The breaker is complete when all pieces are done.
   */
  List<Work> merge(TaskContext task);

  /** Frees the collected state: called after the pipelines that use it. Idempotent. */
  @Override
  void close();
}
