package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.SupportsAlterTable;
import io.sluice.engine.connector.TableChange;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.Alteration;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;

/** ALTER TABLE: all its actions in one commit. */
final class AlterStatements {
  private final Engine engine;
  private final QueryPlanner planner;

  AlterStatements(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
  }

  void alter(Statement.AlterTable alter, StatementTables tables, QueryContext context) {
    Optional<Relation.Table> found = table(alter.name(), alter.ifExists(), tables);
    if (found.isEmpty()) {
      return;
    }
    Relation.Table table = found.get();
    TableName name = table.name();
    SupportsAlterTable catalog = changeable(alter.name(), tables.changing(name));
    AlteredTable altered =
        new AlteredTable(table, tables, new NullCount(engine, planner, tables, context));
    for (Alteration alteration : alter.alterations()) {
      altered.apply(alteration);
    }
    if (altered.changes().isEmpty()) {
      return;
    }
    References references = new References(tables, name);
    for (TableChange change : altered.changes()) {
      if (change instanceof TableChange.DropColumn drop) {
        references
            .naming(drop.column())
            .ifPresent(
                user -> {
                  throw SqlErrors.at(
                      alter.name(), ErrorCode.INVALID_ARGUMENT, used(drop.column(), user));
                });
      }
    }
    try {
      catalog.alterTable(tables.principal(), name.schema(), name.table(), altered.changes());
    } catch (EngineException failure) {
      throw SqlErrors.at(alter.name(), failure);
    }
    for (TableChange change : altered.changes()) {
      if (change instanceof TableChange.RenameColumn rename) {
        references.renameColumn(catalog, rename.column(), rename.newName());
      }
    }
  }

  private static String used(String column, TableName user) {
    return "column "
        + column
        + " is what a FOREIGN KEY of table "
        + user
        + " refers to; take that away first: ALTER TABLE "
        + user
        + " DROP FOREIGN KEY (...)";
  }

  static SupportsAlterTable changeable(SqlIdentifier name, Catalog catalog) {
    if (catalog instanceof SupportsAlterTable changeable) {
      return changeable;
    }
    throw SqlErrors.at(
        name,
        ErrorCode.UNSUPPORTED,
        "tables of catalog " + catalog.name() + " cannot be changed by ALTER");
  }

  /** The table; empty only where it is absent and may be. */
  static Optional<Relation.Table> table(
      SqlIdentifier written, boolean mayBeAbsent, StatementTables tables) {
    try {
      return Optional.of(tables.table(written.names));
    } catch (EngineException failure) {
      boolean absent =
          switch (failure.code()) {
            case UNKNOWN_CATALOG, UNKNOWN_SCHEMA -> true;
            case UNKNOWN_TABLE -> tables.load(tables.qualify(written.names)).isEmpty();
            default -> false;
          };
      if (absent && mayBeAbsent) {
        return Optional.empty();
      }
      throw SqlErrors.at(written, failure);
    }
  }
}
