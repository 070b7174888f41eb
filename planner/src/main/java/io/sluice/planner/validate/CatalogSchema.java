package io.sluice.planner.validate;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.TableName;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.jspecify.annotations.Nullable;

/** Catalogs, schemas and tables as the validator asks for them: one name after the other. */
final class CatalogSchema extends AbstractSchema {
  private final Lookup<Schema> schemas;
  private final Lookup<Table> tables;

  private CatalogSchema(
      Function<String, Optional<Schema>> schemas, Function<String, Optional<Table>> tables) {
    this.schemas = new ByName<>(schemas);
    this.tables = new ByName<>(tables);
  }

  /** The root, which holds the catalogs. */
  static CatalogSchema root(StatementTables names, CatalogReader reader) {
    return new CatalogSchema(
        name ->
            names
                .findCatalog(PinnedNames.catalog(name))
                .map(catalog -> catalog(catalog, names, reader)),
        name -> Optional.empty());
  }

  private static Schema catalog(Catalog catalog, StatementTables names, CatalogReader reader) {
    return new CatalogSchema(
        name -> schema(catalog, name, names, reader), name -> Optional.empty());
  }

  /** The schema, or what comes before the dots of a nested one's name. */
  private static Optional<Schema> schema(
      Catalog catalog, String name, StatementTables names, CatalogReader reader) {
    Optional<String> exact = names.findSchema(catalog, name);
    return exact.isPresent() || names.holdsSchemas(catalog, name)
        ? Optional.of(schema(catalog, exact.orElse(name), reader, names))
        : Optional.empty();
  }

  private static Schema schema(
      Catalog catalog, String schema, CatalogReader reader, StatementTables names) {
    return new CatalogSchema(
        name -> schema(catalog, schema + Names.NESTING_MARK + name, names, reader),
        name ->
            reader
                .find(new TableName(catalog.name(), schema, name))
                .map(CatalogTable::schemaTable));
  }

  @Override
  public Lookup<? extends Schema> subSchemas() {
    return schemas;
  }

  @Override
  public Lookup<Table> tables() {
    return tables;
  }

  private record ByName<T>(Function<String, Optional<T>> find) implements Lookup<T> {
    @Override
    public @Nullable T get(String name) {
      return find.apply(name).orElse(null);
    }

    @Override
    public @Nullable Named<T> getIgnoreCase(String name) {
      return find.apply(name).map(found -> new Named<>(name, found)).orElse(null);
    }

    @Override
    public Set<String> getNames(LikePattern pattern) {
      return Set.of();
    }
  }
}
