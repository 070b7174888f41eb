package io.sluice.engine.pipeline;

/** A piece of work without input, done by one task. */
@FunctionalInterface
public interface Work {
  /**
   * Does some work, about until {@link TaskContext#yieldDue}.
   *
   * @return whether there is more to do, to be called again
   */
  boolean step(TaskContext task);
}
