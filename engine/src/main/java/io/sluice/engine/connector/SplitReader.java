package io.sluice.engine.connector;

import io.sluice.engine.pipeline.Poll;

/** Reads one split. Used by one thread at a time. */
public interface SplitReader extends AutoCloseable {
  /**
   * The next batch, the end, or what to wait for. Every batch has {@link #firstRow} of its first
   * row; a batch belongs to the caller.
   */
  Poll poll();

  /** Row number within the split of the first row of the batch last returned by {@link #poll}. */
  long firstRow();

  @Override
  void close();
}
