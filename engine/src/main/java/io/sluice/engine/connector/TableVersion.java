package io.sluice.engine.connector;

/** Which state of a table a statement reads. */
public sealed interface TableVersion {
  /** The state when the statement starts. */
  record Current() implements TableVersion {}

  /** The last state at or before an instant, microseconds since 1970 UTC. */
  record AsOfTime(long epochMicros) implements TableVersion {}

  /** A snapshot by its id. */
  record AsOfSnapshot(long snapshotId) implements TableVersion {}

  /** A tag or branch. */
  record AsOfReference(String name) implements TableVersion {}
}
