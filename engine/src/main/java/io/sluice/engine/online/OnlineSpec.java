package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an online table holds, once its definition has met the lake table's present columns.
 *
 * @param key columns of the key, which no row is without
 * @param values the other columns, in the lake table's order
 * @param eventTime says when a row became true, null where the latest commit wins
 * @param ttlMicros null where rows do not expire
 */
public record OnlineSpec(
    List<ColumnDefinition> key,
    List<ColumnDefinition> values,
    @Nullable ColumnDefinition eventTime,
    @Nullable Long ttlMicros) {
  public OnlineSpec {
    key = List.copyOf(key);
    values = List.copyOf(values);
  }

  /**
   * @param lake the name of the lake table, for messages
   * @throws EngineException where the table's columns do not allow the definition
   */
  public static OnlineSpec of(TableName lake, TableDefinition table, OnlineDefinition definition) {
    List<String> keyNames = definition.key().isEmpty() ? table.primaryKey() : definition.key();
    if (keyNames.isEmpty()) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          lake
              + " declares no primary key: say by which columns rows are looked up, as in CREATE"
              + " ONLINE TABLE "
              + lake.schema()
              + "."
              + lake.table()
              + " KEY (id), or declare one with ALTER TABLE");
    }
    List<ColumnDefinition> key = new ArrayList<>();
    for (String name : distinct(keyNames, "KEY")) {
      ColumnDefinition column = column(lake, table, name, "KEY");
      checkKey(lake, column);
      key.add(new ColumnDefinition(column.name(), column.type(), false, column.comment()));
    }
    ColumnDefinition eventTime = eventTime(lake, table, definition);
    if (definition.ttlMicros() != null && eventTime == null) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "TTL counts from the event time, and "
              + lake
              + " declares none: add EVENT TIME (column) to the statement");
    }
    return new OnlineSpec(
        key, values(lake, table, definition, key), eventTime, definition.ttlMicros());
  }

  private static Set<String> distinct(List<String> names, String clause) {
    Set<String> distinct = new java.util.LinkedHashSet<>();
    for (String name : names) {
      if (!distinct.add(name)) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "column " + name + " stands twice in " + clause);
      }
    }
    return distinct;
  }

  private static List<ColumnDefinition> values(
      TableName lake,
      TableDefinition table,
      OnlineDefinition definition,
      List<ColumnDefinition> key) {
    Set<String> keys = key.stream().map(ColumnDefinition::name).collect(Collectors.toSet());
    Set<String> wanted = new HashSet<>(distinct(definition.columns(), "COLUMNS"));
    wanted.forEach(name -> column(lake, table, name, "COLUMNS"));
    List<ColumnDefinition> values = new ArrayList<>();
    for (ColumnDefinition column : table.columns()) {
      boolean chosen = wanted.isEmpty() || wanted.contains(column.name());
      if (chosen && !keys.contains(column.name())) {
        if (!NestedCells.holds(column.type())) {
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "column "
                  + column.name()
                  + " of "
                  + lake
                  + " is "
                  + column.type().sql()
                  + ", which online tables do not hold; name the columns that they are to hold with"
                  + " COLUMNS (...)");
        }
        values.add(column);
      }
    }
    return values;
  }

  private static void checkKey(TableName lake, ColumnDefinition column) {
    SqlType type = column.type();
    if (type.isFloating() || type.isNested() || type.kind() == SqlType.Kind.NULL) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "column "
              + column.name()
              + " of "
              + lake
              + " is "
              + type.sql()
              + "; keys are neither floating nor nested");
    }
  }

  private static @Nullable ColumnDefinition eventTime(
      TableName lake, TableDefinition table, OnlineDefinition definition) {
    String given = definition.eventTime();
    String name = given == null ? table.eventTime() : given;
    if (name == null) {
      return null;
    }
    ColumnDefinition column = column(lake, table, name, "EVENT TIME");
    return switch (column.type().kind()) {
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> column;
      default ->
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "EVENT TIME column "
                  + name
                  + " of "
                  + lake
                  + " is "
                  + column.type().sql()
                  + "; it must be a timestamp or a date");
    };
  }

  private static ColumnDefinition column(
      TableName lake, TableDefinition table, String name, String clause) {
    return table.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_COLUMN,
                    lake
                        + " has no column "
                        + name
                        + ", which "
                        + clause
                        + " of its online table names; there are "
                        + table.columns().stream()
                            .map(ColumnDefinition::name)
                            .collect(Collectors.joining(", "))));
  }

  /** The columns that queries see: the key first. */
  public List<ColumnDefinition> columns() {
    List<ColumnDefinition> columns = new ArrayList<>(key);
    columns.addAll(values);
    return columns;
  }

  /** Names of the key's columns. */
  public List<String> keyNames() {
    return key.stream().map(ColumnDefinition::name).toList();
  }

  /** How the event times of rows lie. */
  RowTime time() {
    ColumnDefinition column = eventTime;
    return column == null ? RowTime.NONE : RowTime.of(column.type(), ttlMicros);
  }
}
