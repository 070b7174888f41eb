package io.sluice.engine.connector;

import io.sluice.engine.batch.Batch;

/** Rows on their way into one commit. Closing without a commit leaves no trace. */
public interface TableWrite extends AutoCloseable {
  /** The target's columns, in whose order and types batches come. */
  TableDefinition definition();

  /** Writes and closes the batch. May block; called by one thread at a time. */
  void write(Batch batch);

  /**
   * Makes all rows visible at once. Safe against a lost answer: a commit is never applied twice.
   *
   * @return rows written
   */
  long commit();

  @Override
  void close();
}
