package io.sluice.engine.pipeline;

import io.sluice.engine.batch.Batch;

/** One task's end of a pipeline. Never blocks. */
public interface Sink extends AutoCloseable {
  /** Takes ownership of the batch, whatever it answers or throws. */
  SinkAnswer push(Batch batch);

  /**
   * There will be no more batches of this task: hands its state to the {@link Breaker}.
   *
   * @return whether there is more to do, to be called again; for work longer than a time slice
   */
  boolean finish();

  /** Frees what was not handed over. Idempotent. */
  @Override
  void close();
}
