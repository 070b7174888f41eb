package io.sluice.planner.statement;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.planner.validate.Names;
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
    String schema = schema(name);
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
    return tables.catalog(name.names.size() > 1 ? name.names.get(0) : tables.defaultCatalog());
  }

  /** The schema of {@code [catalog.]schema}; a nested one's parts are joined by dots. */
  static String schema(SqlIdentifier name) {
    return name.names.size() > 1
        ? String.join(Names.NESTING_MARK, name.names.subList(1, name.names.size()))
        : name.names.getFirst();
  }
}
