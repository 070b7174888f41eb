package io.sluice.engine.pipeline;

import io.sluice.engine.batch.Batch;

/**
 * Turns batches into batches, one instance per task. Never blocks. State shared by tasks lives in
 * an object of its own that the factory hands to every instance. An exception fails the query;
 * {@link #close} follows.
 */
public interface Operator extends AutoCloseable {
  /** Takes ownership of the batch, also where it throws. Called after NEED_INPUT alone. */
  Progress push(Batch batch, Output out);

  /** Goes on with the batch it has taken. Called after MORE, and after WAITING, alone. */
  Progress resume(Output out);

  /**
   * There will be no more input for this instance. Called after NEED_INPUT, and again after MORE.
   */
  Progress finish(Output out);

  /** Frees all private state. Idempotent; may come at any time between the other calls. */
  @Override
  void close();
}
