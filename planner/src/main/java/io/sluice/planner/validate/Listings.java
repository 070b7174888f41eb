package io.sluice.planner.validate;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.RelationEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What catalogs hold, each asked once for one statement. Used by one thread at a time. */
final class Listings {
  private final Catalogs catalogs;
  private final Principal principal;
  private final Map<String, List<String>> schemas = new HashMap<>();
  private final Map<List<String>, Optional<String>> found = new HashMap<>();
  private final Map<List<String>, List<RelationEntry>> relations = new HashMap<>();

  Listings(Catalogs catalogs, Principal principal) {
    this.catalogs = catalogs;
    this.principal = principal;
  }

  List<String> schemas(Catalog catalog) {
    return schemas.computeIfAbsent(catalog.name(), name -> catalogs.schemas(principal, name));
  }

  /** The schema's exact name, or empty. Schemas are listed only where none has just this name. */
  Optional<String> findSchema(Catalog catalog, String schema) {
    return found.computeIfAbsent(
        List.of(catalog.name(), schema),
        key ->
            catalogs.hasSchema(principal, catalog.name(), schema)
                ? Optional.of(schema)
                : Names.find(schema, schemas(catalog), "schema"));
  }

  List<RelationEntry> relations(Catalog catalog, String schema) {
    return relations.computeIfAbsent(
        List.of(catalog.name(), schema),
        key -> catalogs.relations(principal, catalog.name(), schema));
  }
}
