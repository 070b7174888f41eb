package io.sluice.engine.connector;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a definition becomes by a change. */
final class ChangedDefinition {
  private final TableDefinition old;

  private ChangedDefinition(TableDefinition old) {
    this.old = old;
  }

  static TableDefinition of(TableDefinition definition, TableChange change) {
    ChangedDefinition changed = new ChangedDefinition(definition);
    return switch (change) {
      case TableChange.AddColumn add -> changed.add(add.column());
      case TableChange.DropColumn drop -> changed.drop(drop.column());
      case TableChange.RenameColumn rename -> changed.rename(rename.column(), rename.newName());
      case TableChange.RetypeColumn retype -> changed.retype(retype.column(), retype.type());
      case TableChange.DropNotNull drop -> changed.nullable(drop.column());
      case TableChange.SetNotNull set -> changed.notNull(set.checkedSnapshotId(), set.column());
      case TableChange.SetProperties set -> changed.properties(set.properties());
      case TableChange.UnsetProperties unset -> changed.without(unset);
      case TableChange.SetPrimaryKey key -> changed.primaryKey(key.columns());
      case TableChange.SetEventTime time ->
          changed.with(
              definition.columns(),
              definition.primaryKey(),
              changed.time("EVENT TIME", time.column()),
              definition.ingestionTime(),
              definition.foreignKeys());
      case TableChange.SetIngestionTime time ->
          changed.with(
              definition.columns(),
              definition.primaryKey(),
              definition.eventTime(),
              changed.time("INGESTION TIME", time.column()),
              definition.foreignKeys());
      case TableChange.SetForeignKeys keys -> changed.foreignKeys(keys.keys());
    };
  }

  private TableDefinition with(
      List<ColumnDefinition> columns,
      List<String> primaryKey,
      @Nullable String eventTime,
      @Nullable String ingestionTime,
      List<ForeignKey> foreignKeys) {
    return new TableDefinition(
        columns,
        primaryKey,
        eventTime,
        ingestionTime,
        foreignKeys,
        old.comment(),
        old.properties());
  }

  private TableDefinition withColumns(List<ColumnDefinition> columns) {
    return with(columns, old.primaryKey(), old.eventTime(), old.ingestionTime(), old.foreignKeys());
  }

  private TableDefinition withProperties(Map<String, String> properties) {
    return new TableDefinition(
        old.columns(),
        old.primaryKey(),
        old.eventTime(),
        old.ingestionTime(),
        old.foreignKeys(),
        old.comment(),
        properties);
  }

  private ColumnDefinition column(String name) {
    return old.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_COLUMN, "column " + name + " is not one of the table's"));
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorCode.INVALID_ARGUMENT, message);
  }

  private TableDefinition add(ColumnDefinition column) {
    checkFree(column.name(), "");
    if (column.type().kind() == SqlType.Kind.NULL) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH, "column " + column.name() + " needs a type");
    }
    List<ColumnDefinition> columns = new ArrayList<>(old.columns());
    columns.add(column);
    return withColumns(columns);
  }

  /** Two names that differ in case alone would be ambiguous wherever they are not quoted. */
  private void checkFree(String name, String except) {
    for (ColumnDefinition column : old.columns()) {
      if (column.name().equalsIgnoreCase(name) && !column.name().equals(except)) {
        throw new EngineException(
            ErrorCode.ALREADY_EXISTS, "the table has a column " + column.name() + " already");
      }
    }
  }

  private TableDefinition drop(String name) {
    ColumnDefinition dropped = column(name);
    if (old.columns().size() == 1) {
      throw invalid("column " + name + " is the table's last; DROP TABLE drops the table");
    }
    if (old.primaryKey().contains(name)) {
      throw used(name, "PRIMARY KEY (" + String.join(", ", old.primaryKey()) + ")", "PRIMARY KEY");
    }
    if (name.equals(old.eventTime())) {
      throw used(name, "EVENT TIME (" + name + ")", "EVENT TIME");
    }
    if (name.equals(old.ingestionTime())) {
      throw used(name, "INGESTION TIME (" + name + ")", "INGESTION TIME");
    }
    for (ForeignKey key : old.foreignKeys()) {
      if (key.columns().contains(name)) {
        String columns = "FOREIGN KEY (" + String.join(", ", key.columns()) + ")";
        throw used(name, columns + " REFERENCES " + key.referencedTable(), columns);
      }
    }
    return withColumns(old.columns().stream().filter(column -> !column.equals(dropped)).toList());
  }

  private static EngineException used(String column, String declaration, String drop) {
    return invalid(
        "column "
            + column
            + " is declared as "
            + declaration
            + "; take that away first: ALTER TABLE ... DROP "
            + drop);
  }

  private TableDefinition rename(String name, String newName) {
    column(name);
    checkFree(newName, name);
    UnaryOperator<String> renamed = each -> each.equals(name) ? newName : each;
    return with(
        old.columns().stream()
            .map(
                column ->
                    new ColumnDefinition(
                        renamed.apply(column.name()),
                        column.type(),
                        column.nullable(),
                        column.comment()))
            .toList(),
        old.primaryKey().stream().map(renamed).toList(),
        old.eventTime() == null ? null : renamed.apply(old.eventTime()),
        old.ingestionTime() == null ? null : renamed.apply(old.ingestionTime()),
        old.foreignKeys().stream()
            .map(
                key ->
                    new ForeignKey(
                        key.columns().stream().map(renamed).toList(),
                        key.referencedTable(),
                        key.referencedColumns()))
            .toList());
  }

  private TableDefinition replace(ColumnDefinition from, ColumnDefinition to) {
    return withColumns(
        old.columns().stream().map(column -> column.equals(from) ? to : column).toList());
  }

  private TableDefinition retype(String name, SqlType type) {
    ColumnDefinition column = column(name);
    if (!Widening.isWider(column.type(), type)) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "column "
              + name
              + " cannot change from "
              + column.type().sql()
              + " to "
              + type.sql()
              + ", as its files are not rewritten; "
              + Widening.of(column.type())
              + ". Otherwise add a column of the other type, or make the table anew: CREATE OR"
              + " REPLACE TABLE ... AS SELECT CAST("
              + name
              + " AS "
              + type.sql()
              + ") ...");
    }
    return replace(column, new ColumnDefinition(name, type, column.nullable(), column.comment()));
  }

  private TableDefinition nullable(String name) {
    ColumnDefinition column = column(name);
    if (old.primaryKey().contains(name)) {
      throw used(name, "PRIMARY KEY (" + String.join(", ", old.primaryKey()) + ")", "PRIMARY KEY");
    }
    return replace(column, new ColumnDefinition(name, column.type(), true, column.comment()));
  }

  private TableDefinition notNull(long checkedSnapshotId, String name) {
    assert checkedSnapshotId >= -1;
    ColumnDefinition column = column(name);
    return replace(column, new ColumnDefinition(name, column.type(), false, column.comment()));
  }

  private TableDefinition properties(Map<String, String> set) {
    Map<String, String> properties = new HashMap<>(old.properties());
    properties.putAll(set);
    return withProperties(properties);
  }

  private TableDefinition without(TableChange.UnsetProperties unset) {
    Map<String, String> properties = new HashMap<>(old.properties());
    for (String name : unset.names()) {
      if (properties.remove(name) == null) {
        throw invalid(
            "the table has no property "
                + name
                + "; there are "
                + String.join(", ", new java.util.TreeSet<>(old.properties().keySet())));
      }
    }
    return withProperties(properties);
  }

  private TableDefinition primaryKey(List<String> columns) {
    if (!columns.isEmpty() && !old.primaryKey().isEmpty()) {
      throw new EngineException(
          ErrorCode.ALREADY_EXISTS,
          "the table has PRIMARY KEY ("
              + String.join(", ", old.primaryKey())
              + ") already; ALTER TABLE ... DROP PRIMARY KEY takes it away");
    }
    if (columns.isEmpty() && old.primaryKey().isEmpty()) {
      throw invalid("the table has no PRIMARY KEY");
    }
    for (String name : distinct(columns, "PRIMARY KEY")) {
      ColumnDefinition column = column(name);
      if (column.type().isFloating() || column.type().isNested()) {
        throw invalid(
            "primary key column "
                + name
                + " is "
                + column.type().sql()
                + "; keys are neither floating nor nested");
      }
      if (column.nullable()) {
        throw invalid(
            "primary key column " + name + " may be NULL; ALTER COLUMN " + name + " SET NOT NULL");
      }
    }
    return with(old.columns(), columns, old.eventTime(), old.ingestionTime(), old.foreignKeys());
  }

  private static List<String> distinct(List<String> columns, String what) {
    if (new HashSet<>(columns).size() < columns.size()) {
      throw invalid("a column stands twice in " + what + " (" + String.join(", ", columns) + ")");
    }
    return columns;
  }

  private @Nullable String time(String what, @Nullable String name) {
    if (name == null) {
      boolean none = (what.startsWith("EVENT") ? old.eventTime() : old.ingestionTime()) == null;
      if (none) {
        throw invalid("the table has no " + what);
      }
      return null;
    }
    SqlType type = column(name).type();
    boolean temporal = type instanceof SqlType.Timestamp || type.kind() == SqlType.Kind.DATE;
    if (!temporal) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          name + " is a " + type.sql() + "; an event or ingestion time is a TIMESTAMP or DATE");
    }
    return name;
  }

  private TableDefinition foreignKeys(List<ForeignKey> keys) {
    for (ForeignKey key : keys) {
      distinct(key.columns(), "FOREIGN KEY").forEach(this::column);
      boolean unequal =
          !key.referencedColumns().isEmpty()
              && key.referencedColumns().size() != key.columns().size();
      if (unequal) {
        throw invalid(
            "FOREIGN KEY ("
                + String.join(", ", key.columns())
                + ") references "
                + key.referencedColumns().size()
                + " columns");
      }
    }
    return with(old.columns(), old.primaryKey(), old.eventTime(), old.ingestionTime(), keys);
  }
}
