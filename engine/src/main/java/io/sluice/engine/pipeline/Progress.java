package io.sluice.engine.pipeline;

/** What an operator asks of the task that drives it. */
public enum Progress {
  /** All output for what it has taken is out: give it the next batch, or finish it. */
  NEED_INPUT,
  /** There is more to do, but the output is full or the time slice is over: resume it. */
  MORE,
  /**
   * It waits for something outside: resume it when the future of {@link WaitingOperator#until} is
   * done. Output that it has put out before goes on first.
   */
  WAITING,
  /**
   * All output is out and no row of any task could add to it, as after a LIMIT: the pipeline stops
   * reading, in all its tasks.
   */
  FINISHED
}
