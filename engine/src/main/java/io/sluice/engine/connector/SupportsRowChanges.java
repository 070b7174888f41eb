package io.sluice.engine.connector;

import org.apache.arrow.memory.BufferAllocator;

/** A catalog of tables whose rows can be changed and removed. */
public interface SupportsRowChanges {
  /**
   * Starts changing rows of a state of a table.
   *
   * @param base as the statement reads it
   * @param allocator of what is read to be written again; stays the caller's, who closes the
   *     changes first
   */
  RowChanges change(
      Principal principal, TableSnapshot base, ChangeScope scope, BufferAllocator allocator);
}
