package io.sluice.engine.connector;

import org.apache.arrow.memory.BufferAllocator;

/** A catalog whose tables' small files can be written again as fewer ones. */
public interface SupportsOptimize {
  /**
   * Joins the small files of a state of a table, in one commit that changes no row: values,
   * identity and commit time stay. Rows that others add meanwhile are not disturbed. Without files
   * to join there is no commit.
   *
   * @param allocator of what is read to be written again; stays the caller's
   * @throws io.sluice.engine.EngineException COMMIT_CONFLICT where another commit has changed or
   *     removed rows of these files: nothing is changed, and it may be tried again from the new
   *     state
   */
  Optimized optimize(Principal principal, TableSnapshot base, BufferAllocator allocator);

  /** Data files of the state, and what has become of them. */
  record Optimized(long filesBefore, long filesAfter, long bytesBefore, long bytesAfter) {}
}
