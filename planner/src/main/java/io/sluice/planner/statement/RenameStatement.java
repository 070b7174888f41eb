package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.SupportsAlterTable;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.Optional;

/** ALTER TABLE ... RENAME TO, ALTER VIEW ... RENAME TO. */
final class RenameStatement {
  private RenameStatement() {}

  static void run(Statement.RenameRelation rename, StatementTables tables) {
    Optional<Relation> found = find(rename, tables);
    if (found.isEmpty()) {
      return;
    }
    TableName from = found.get().name();
    SupportsAlterTable catalog = AlterStatements.changeable(rename.name(), tables.changing(from));
    TableName to = target(rename, from, tables);
    tables.changing(tables.catalog(to.catalog()), to.schema());
    Optional<Relation> old = tables.load(to);
    if (old.isPresent() && !to.equals(from)) {
      throw SqlErrors.at(
          rename.newName(),
          ErrorCode.ALREADY_EXISTS,
          (old.get() instanceof Relation.View ? "view " : "table ") + to + " already exists");
    }
    if (to.equals(from)) {
      return;
    }
    References references = new References(tables, from);
    // found before the name is gone
    boolean referenced = references.exist();
    try {
      catalog.rename(tables.principal(), from.schema(), from.table(), to.schema(), to.table());
    } catch (EngineException failure) {
      throw SqlErrors.at(rename.newName(), failure);
    }
    if (referenced) {
      references.renameTable(catalog, to);
    }
  }

  private static Optional<Relation> find(Statement.RenameRelation rename, StatementTables tables) {
    try {
      TableName name = tables.qualify(rename.name().names);
      Optional<Relation> found = tables.load(name);
      if (found.isEmpty()) {
        if (rename.ifExists()) {
          return found;
        }
        throw tables.unknown(rename.name().names, name);
      }
      boolean view = found.get() instanceof Relation.View;
      if (view != rename.view()) {
        throw new EngineException(
            ErrorCode.UNKNOWN_TABLE,
            name + (view ? " is a view; use ALTER VIEW" : " is a table; use ALTER TABLE"));
      }
      return found;
    } catch (EngineException failure) {
      boolean absent =
          failure.code() == ErrorCode.UNKNOWN_SCHEMA || failure.code() == ErrorCode.UNKNOWN_CATALOG;
      if (absent && rename.ifExists()) {
        return Optional.empty();
      }
      throw SqlErrors.at(rename.name(), failure);
    }
  }

  /** A name without a schema stays in the relation's own; its case is as written. */
  private static TableName target(
      Statement.RenameRelation rename, TableName from, StatementTables tables) {
    List<String> parts = rename.newName().names;
    int n = parts.size();
    try {
      if (n == 1) {
        return new TableName(from.catalog(), from.schema(), parts.getFirst());
      }
      TableName to = tables.qualifyNew(parts);
      if (!to.catalog().equals(from.catalog())) {
        throw new EngineException(
            ErrorCode.UNSUPPORTED,
            from + " cannot move to catalog " + to.catalog() + "; create it there AS SELECT");
      }
      return new TableName(to.catalog(), to.schema(), parts.getLast());
    } catch (EngineException failure) {
      throw SqlErrors.at(rename.newName(), failure);
    }
  }
}
