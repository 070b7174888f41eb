package io.sluice.planner.parse;

import java.util.List;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** One action of ALTER TABLE. Names are as written, not yet looked up. */
public sealed interface Alteration {
  /** ADD [COLUMN] [IF NOT EXISTS]. */
  record AddColumn(Statement.Column column, boolean ifNotExists) implements Alteration {}

  /** DROP [COLUMN] [IF EXISTS]. */
  record DropColumn(SqlIdentifier column, boolean ifExists) implements Alteration {}

  /** RENAME [COLUMN] a TO b. */
  record RenameColumn(SqlIdentifier column, SqlIdentifier newName) implements Alteration {}

  /** ALTER [COLUMN] c [SET DATA] TYPE t. */
  record RetypeColumn(SqlIdentifier column, SqlDataTypeSpec type) implements Alteration {}

  /** ALTER [COLUMN] c SET NOT NULL. */
  record SetNotNull(SqlIdentifier column) implements Alteration {}

  /** ALTER [COLUMN] c DROP NOT NULL. */
  record DropNotNull(SqlIdentifier column) implements Alteration {}

  /** SET [PROPERTIES] (name = value, ...). */
  record SetProperties(List<Statement.Property> properties) implements Alteration {
    public SetProperties {
      properties = List.copyOf(properties);
    }
  }

  /** UNSET [PROPERTIES] (name, ...). */
  record UnsetProperties(List<String> names) implements Alteration {
    public UnsetProperties {
      names = List.copyOf(names);
    }
  }

  /** ADD PRIMARY KEY (c, ...) NOT ENFORCED, or DROP PRIMARY KEY where there are no columns. */
  record PrimaryKey(List<SqlIdentifier> columns) implements Alteration {
    public PrimaryKey {
      columns = List.copyOf(columns);
    }
  }

  /** SET EVENT TIME (c), or DROP EVENT TIME. */
  record EventTime(@Nullable SqlIdentifier column) implements Alteration {}

  /** SET INGESTION TIME (c), or DROP INGESTION TIME. */
  record IngestionTime(@Nullable SqlIdentifier column) implements Alteration {}

  /** ADD FOREIGN KEY (c, ...) REFERENCES t [(d, ...)] NOT ENFORCED. */
  record AddForeignKey(Statement.Reference reference) implements Alteration {}

  /** DROP FOREIGN KEY (c, ...). */
  record DropForeignKey(List<SqlIdentifier> columns) implements Alteration {
    public DropForeignKey {
      columns = List.copyOf(columns);
    }
  }
}
