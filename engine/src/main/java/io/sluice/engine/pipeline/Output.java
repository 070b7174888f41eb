package io.sluice.engine.pipeline;

import io.sluice.engine.batch.Batch;

/** Where an operator puts its batches. */
public interface Output {
  /** Takes ownership of the batch; empty ones are dropped. Accepts any number. */
  void push(Batch batch);

  /**
   * Whether to return {@link Progress#MORE} as soon as is easy: the next operator has work, or the
   * time slice is over. An operator that gives at most one batch per input need not ask.
   */
  boolean full();
}
