package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.CatalogRegistry;
import io.sluice.planner.Session;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;

/** CREATE CATALOG and DROP CATALOG. */
final class CatalogStatements {
  private CatalogStatements() {}

  static void create(Statement.CreateCatalog create, StatementTables tables) {
    String name = create.name().getSimple();
    Optional<String> taken = Names.find(name, tables.catalogNames(), "catalog");
    if (taken.isPresent()) {
      if (create.ifNotExists()) {
        return;
      }
      throw SqlErrors.at(
          create.name(), ErrorCode.ALREADY_EXISTS, "catalog " + taken.get() + " already exists");
    }
    Map<String, String> properties = new LinkedHashMap<>();
    for (Statement.Property property : create.properties()) {
      if (properties.put(property.name(), property.value()) != null) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.INVALID_ARGUMENT,
            "property " + property.name() + " is given twice");
      }
    }
    try {
      registry(create.name(), tables).create(tables.principal(), name, properties);
    } catch (EngineException failure) {
      throw SqlErrors.at(create.name(), failure);
    }
  }

  static void drop(Statement.DropCatalog drop, StatementTables tables, Session session) {
    if (!drop.name().isSimple()) {
      throw SqlErrors.at(
          drop.name(), ErrorCode.UNKNOWN_CATALOG, "the name of a catalog has one part");
    }
    String written = drop.name().getSimple();
    Optional<String> name = Names.find(written, tables.catalogNames(), "catalog");
    if (name.isEmpty() && drop.ifExists()) {
      return;
    }
    try {
      String exact = name.orElseGet(() -> tables.catalog(written).name());
      registry(drop.name(), tables).drop(tables.principal(), exact);
      if (session.catalog().equals(exact)) {
        session.setCatalog(Session.DEFAULT_CATALOG);
        session.setSchema(Session.DEFAULT_SCHEMA);
      }
    } catch (EngineException failure) {
      throw SqlErrors.at(drop.name(), failure);
    }
  }

  private static CatalogRegistry registry(SqlIdentifier name, StatementTables tables) {
    return tables
        .registry()
        .orElseThrow(
            () ->
                SqlErrors.at(
                    name, ErrorCode.UNSUPPORTED, "catalogs cannot be made or dropped here"));
  }
}
