package io.sluice.engine.connector;

import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One change of a table's definition. Names are exact. */
public sealed interface TableChange {
  /**
   * A further column, last; NOT NULL only where the table has never held rows. Rows that are there
   * have NULL in it.
   */
  record AddColumn(ColumnDefinition column) implements TableChange {}

  /** Takes a column away; one added later under its name is another column. */
  record DropColumn(String column) implements TableChange {}

  /** Another name; declarations that name the column go along. */
  record RenameColumn(String column, String newName) implements TableChange {}

  /** A wider type, in which every value of the old one stays what it is. */
  record RetypeColumn(String column, SqlType type) implements TableChange {}

  /** Allows NULL. */
  record DropNotNull(String column) implements TableChange {}

  /**
   * Forbids NULL.
   *
   * @param checkedSnapshotId the current snapshot, which the caller has found to hold no NULL in
   *     the column; -1 where there is none
   */
  record SetNotNull(String column, long checkedSnapshotId) implements TableChange {}

  /** Sets properties. */
  record SetProperties(Map<String, String> properties) implements TableChange {
    public SetProperties {
      properties = Map.copyOf(properties);
    }
  }

  /** Removes properties. */
  record UnsetProperties(Set<String> names) implements TableChange {
    public UnsetProperties {
      names = Set.copyOf(names);
    }
  }

  /** Declares a primary key, or takes it away where there are no columns. */
  record SetPrimaryKey(List<String> columns) implements TableChange {
    public SetPrimaryKey {
      columns = List.copyOf(columns);
    }
  }

  /** Declares an event time, or takes it away. */
  record SetEventTime(@Nullable String column) implements TableChange {}

  /** Declares an ingestion time, or takes it away. */
  record SetIngestionTime(@Nullable String column) implements TableChange {}

  /** Replaces all foreign keys. */
  record SetForeignKeys(List<ForeignKey> keys) implements TableChange {
    public SetForeignKeys {
      keys = List.copyOf(keys);
    }
  }

  /**
   * The definition after the change.
   *
   * @throws io.sluice.engine.EngineException where the definition does not allow it
   */
  default TableDefinition applyTo(TableDefinition definition) {
    return ChangedDefinition.of(definition, this);
  }
}
