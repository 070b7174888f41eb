package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;

/** Which right rows a left row is tried with. Used by one thread. */
interface Matcher extends AutoCloseable {
  int NONE = -1;

  /** Prepares for the rows of a batch, which stays the caller's. */
  void start(Batch batch);

  /** The first right row for the batch's selected row {@code position}, or {@link #NONE}. */
  int first(int position);

  /** The right row after {@code id} for the same left row, or {@link #NONE}. */
  int next(int id);

  @Override
  void close();
}
