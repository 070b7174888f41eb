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

  /** A stored query. */
  record View(TableName name, ViewDefinition definition) implements Relation {}
}
