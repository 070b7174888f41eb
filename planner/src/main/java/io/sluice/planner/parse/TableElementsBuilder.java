package io.sluice.planner.parse;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** Collects what stands between a CREATE TABLE's parentheses; a second key or time is an error. */
final class TableElementsBuilder {
  private final List<Statement.Column> columns = new ArrayList<>();
  private final List<Statement.Reference> foreignKeys = new ArrayList<>();
  private List<SqlIdentifier> primaryKey = List.of();
  private @Nullable SqlIdentifier eventTime;
  private @Nullable SqlIdentifier ingestionTime;

  void column(Statement.Column column) {
    columns.add(column);
  }

  void primaryKey(List<SqlIdentifier> names) {
    once(primaryKey.isEmpty(), "PRIMARY KEY", names.getFirst());
    primaryKey = names;
  }

  void eventTime(SqlIdentifier name) {
    once(eventTime == null, "EVENT TIME", name);
    eventTime = name;
  }

  void ingestionTime(SqlIdentifier name) {
    once(ingestionTime == null, "INGESTION TIME", name);
    ingestionTime = name;
  }

  void foreignKey(List<SqlIdentifier> names, SqlIdentifier table, List<SqlIdentifier> referenced) {
    foreignKeys.add(new Statement.Reference(names, table, referenced));
  }

  Statement.TableElements build() {
    return new Statement.TableElements(columns, primaryKey, eventTime, ingestionTime, foreignKeys);
  }

  private static void once(boolean first, String what, SqlIdentifier name) {
    if (!first) {
      throw new EngineException(
          ErrorCode.SYNTAX_ERROR,
          what + " is declared twice",
          new SqlPosition(
              name.getParserPosition().getLineNum(), name.getParserPosition().getColumnNum()),
          null);
    }
  }
}
