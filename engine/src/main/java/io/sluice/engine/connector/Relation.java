package io.sluice.engine.connector;

import java.util.List;

/** What a name in a catalog stands for. */
public sealed interface Relation {
  TableName name();

  /** Columns of the current schema. */
  default List<ColumnDefinition> columns() {
    return switch (this) {
      case Table table -> table.definition().columns();
      case View view -> view.definition().columns();
      case Dataset dataset -> dataset.definition().columns();
    };
  }

  /** A table, as its catalog had it when it was loaded. */
  non-sealed interface Table extends Relation {
    /** Stays the same through renames and replacement. */
    String uuid();

    /** The current schema. */
    TableDefinition definition();

    /**
     * The state to read.
     *
     * @throws io.sluice.engine.EngineException UNKNOWN_VERSION where there is no such state
     */
    TableSnapshot snapshot(TableVersion version);
  }

  /**
   * A training dataset, which reads like a table.
   *
   * @param versions those that are complete, ascending; at least one
   */
  record Dataset(TableName name, List<StoredDataset> versions) implements Relation {
    public Dataset {
      versions = List.copyOf(versions);
    }

    /** Columns of the newest version. */
    public TableDefinition definition() {
      return versions.getLast().definition();
    }
  }

  /** A stored query. */
  record View(TableName name, ViewDefinition definition) implements Relation {}
}
