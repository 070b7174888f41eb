package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.training.PinnedTables;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.Map;
import java.util.Optional;

/** Creating schemas, and dropping schemas, tables and views. */
final class SchemaStatements {
  private SchemaStatements() {}

  static void create(Statement.CreateSchema create, StatementTables tables) {
    Catalog catalog = SchemaName.catalog(create.name(), tables);
    String schema = SchemaName.schema(create.name());
    if (schema.equalsIgnoreCase(TemporaryTables.NAME) && tables.temporaryTables().isPresent()) {
      throw SqlErrors.at(
          create.name(),
          ErrorCode.INVALID_ARGUMENT,
          "schema " + schema + " is each session's own, for temporary tables; choose another name");
    }
    if (tables.findSchema(catalog, schema).isPresent()) {
      if (create.ifNotExists()) {
        return;
      }
      throw SqlErrors.at(
          create.name(), ErrorCode.ALREADY_EXISTS, "schema " + schema + " already exists");
    }
    catalog.createSchema(tables.principal(), schema, Map.of());
  }

  static void drop(Statement.DropSchema drop, StatementTables tables) {
    Catalog catalog = SchemaName.catalog(drop.name(), tables);
    String written = SchemaName.schema(drop.name());
    Optional<String> schema = tables.findSchema(catalog, written);
    if (schema.isEmpty()) {
      if (drop.ifExists()) {
        return;
      }
      // raises the error with close names
      throw new AssertionError(tables.schema(catalog, written));
    }
    tables.changing(catalog, schema.get());
    if (drop.cascade()) {
      for (RelationEntry entry : tables.relationEntries(catalog, schema.get())) {
        switch (entry.kind()) {
          case TABLE -> catalog.dropTable(tables.principal(), schema.get(), entry.name());
          case VIEW -> catalog.dropView(tables.principal(), schema.get(), entry.name());
          case SYSTEM_TABLE -> {}
          case TRAINING_DATASET ->
              throw SqlErrors.at(
                  drop.name(),
                  ErrorCode.SCHEMA_NOT_EMPTY,
                  "schema "
                      + schema.get()
                      + " holds the training dataset "
                      + entry.name()
                      + ", which is not dropped in passing; DROP TRAINING DATASET drops it");
        }
      }
    }
    catalog.dropSchema(tables.principal(), schema.get());
  }

  static void drop(Statement.DropRelation drop, StatementTables tables) {
    Optional<Relation> relation = find(drop, tables);
    if (relation.isEmpty()) {
      return;
    }
    TableName name = relation.get().name();
    Catalog catalog = tables.changing(name);
    switch (relation.get()) {
      case Relation.Table ignored -> {
        require(!drop.view(), drop, name + " is a table; use DROP TABLE");
        PinnedTables.checkUnpinned(drop.name(), name, tables);
        catalog.dropTable(tables.principal(), name.schema(), name.table());
      }
      case Relation.View ignored -> {
        require(drop.view(), drop, name + " is a view; use DROP VIEW");
        catalog.dropView(tables.principal(), name.schema(), name.table());
      }
      case Relation.Dataset dataset ->
          throw SqlErrors.at(
              drop.name(),
              ErrorCode.UNKNOWN_TABLE,
              dataset.name() + " is a training dataset; use DROP TRAINING DATASET ... VERSION n");
    }
  }

  private static Optional<Relation> find(Statement.DropRelation drop, StatementTables tables) {
    try {
      TableName name = tables.qualify(drop.name().names);
      Optional<Relation> found = tables.load(name);
      if (found.isPresent() || drop.ifExists()) {
        return found;
      }
      throw SqlErrors.at(drop.name(), tables.unknown(drop.name().names, name));
    } catch (EngineException failure) {
      boolean absent =
          failure.code() == ErrorCode.UNKNOWN_SCHEMA || failure.code() == ErrorCode.UNKNOWN_CATALOG;
      if (absent && drop.ifExists()) {
        return Optional.empty();
      }
      throw SqlErrors.at(drop.name(), failure);
    }
  }

  private static void require(boolean condition, Statement.DropRelation drop, String message) {
    if (!condition) {
      throw SqlErrors.at(drop.name(), ErrorCode.UNKNOWN_TABLE, message);
    }
  }
}
