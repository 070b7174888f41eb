package io.sluice.planner.statement;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.planner.validate.StatementTables;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** A schema that is there. */
public record SchemaName(Catalog catalog, String schema) {
  /**
   * {@code [catalog.]schema}, or the session's where no name is given.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_CATALOG, UNKNOWN_SCHEMA
   */
  public static SchemaName of(@Nullable SqlIdentifier name, StatementTables tables) {
    if (name == null) {
      Catalog catalog = tables.catalog(tables.defaultCatalog());
      return new SchemaName(catalog, tables.schema(catalog, tables.defaultSchema()));
    }
    Catalog catalog = catalog(name, tables);
    String schema = name.names.getLast();
    Optional<Catalog> temporary = tables.temporaryTables();
    if (temporary.isPresent()
        && name.isSimple()
        && schema.equalsIgnoreCase(TemporaryTables.NAME)
        && tables.findSchema(catalog, schema).isEmpty()) {
      return new SchemaName(temporary.get(), TemporaryTables.NAME);
    }
    return new SchemaName(catalog, tables.schema(catalog, schema));
  }

  /** The catalog of {@code [catalog.]schema}. */
  static Catalog catalog(SqlIdentifier name, StatementTables tables) {
    return tables.catalog(
        name.names.size() > 1 ? name.names.get(name.names.size() - 2) : tables.defaultCatalog());
  }
}
