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

  /** Plans a scan: chooses files and row groups by the request's filter. */
  TableScan scan(ScanRequest request);
}
