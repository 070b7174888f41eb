package io.sluice.engine.connector;

import org.jspecify.annotations.Nullable;

/**
 * A version of a training dataset as its catalog keeps it.
 *
 * @param dataset the dataset's name
 * @param version from 1
 * @param leaseUntilMillis of a version that is being built: until when its builder is believed to
 *     live, milliseconds since 1970 UTC; 0 otherwise
 * @param progressRows written so far by its builder
 * @param record what the planner has written down about it
 * @param definition of the rows, whether or not they are kept
 * @param rows the stored rows, or null where they are not kept
 */
public record StoredDataset(
    TableName dataset,
    int version,
    State state,
    long leaseUntilMillis,
    long progressRows,
    String record,
    TableDefinition definition,
    Relation.@Nullable Table rows) {
  /** Where a version stands in its life. */
  public enum State {
    /** Claimed, not yet visible. */
    BUILDING,
    /** Visible and immutable. */
    COMPLETE,
    /** Gone; its number is not used again. */
    DROPPED
  }
}
