package io.sluice.engine.connector;

/** A state of a table that tells what commits have done since an earlier one. */
public interface SupportsFollowing extends TableSnapshot {
  /** What a reader of the earlier state has to do. */
  enum Difference {
    /** Nothing: no row is another, and none has another place in the order of rows. */
    NONE,
    /** Read the rows that were added. */
    APPENDED,
    /** Read everything. */
    OTHER
  }

  /** Ascends with the table's commits; 0 where the format does not number them. */
  long sequence();

  /** Another number wherever columns may have changed. */
  int schemaId();

  /**
   * What lies between.
   *
   * @param snapshotId of an earlier state, -1 for that without rows
   */
  Difference since(long snapshotId);

  /**
   * Plans a scan of the rows that were added since an earlier state, where nothing else was done.
   * Row addresses order these rows, and are not those that a scan of the whole state gives.
   */
  TableScan scanAppended(long snapshotId, ScanRequest request);
}
