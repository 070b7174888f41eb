package io.sluice.engine.connector;

/** Which state of a table a statement reads. */
public sealed interface TableVersion {
  /** The state when the statement starts. */
  record Current() implements TableVersion {}

  /** The last state at or before an instant, microseconds since 1970 UTC. */
  record AsOfTime(long epochMicros) implements TableVersion {}

  /** A snapshot by its id. */
  record AsOfSnapshot(long snapshotId) implements TableVersion {}

  /**
   * The state that a version of a training dataset has read.
   *
   * @param dataset the dataset's name
   * @param number of the dataset's version
   * @param version as the dataset's query asks for it
   */
  record AsRead(TableName dataset, int number, TableVersion version) implements TableVersion {}

  /** A tag or branch. */
  record AsOfReference(String name) implements TableVersion {}

  /**
   * A state that {@link TableSnapshot#pin} gave, schema and declarations included: other than by
   * the snapshot's id, it is read with the schema that the table had at that moment.
   *
   * @param state as its catalog writes it
   */
  record Pinned(long snapshotId, String state) implements TableVersion {}
}
