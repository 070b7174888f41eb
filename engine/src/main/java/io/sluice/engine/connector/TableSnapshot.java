package io.sluice.engine.connector;

/** One immutable state of a table. */
public interface TableSnapshot {
  TableName name();

  String tableUuid();

  /** The Iceberg snapshot id, or -1 for a table without snapshots. */
  long snapshotId();

  /** The schema that the snapshot was written with. */
  TableDefinition definition();

  TableStatistics statistics();

  /** The version that reads this very state later, as long as its snapshot is kept. */
  default TableVersion pin() {
    return new TableVersion.AsOfSnapshot(snapshotId());
  }

  /** Whether readers of the rows rely on the order in which they are stored. */
  boolean keepsOrder();

  /** Plans a scan: chooses files and row groups by the request's filter. */
  TableScan scan(ScanRequest request);
}
