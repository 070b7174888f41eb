package io.sluice.engine.pipeline;

/** What an operator asks of the task that drives it. */
public enum Progress {
  /** All output for what it has taken is out: give it the next batch, or finish it. */
  NEED_INPUT,
  /** There is more to do, but the output is full or the time slice is over: resume it. */
  MORE,
  /**
   * All output is out and no row of any task could add to it, as after a LIMIT: the pipeline stops
   * reading, in all its tasks.
   */
  FINISHED
}
