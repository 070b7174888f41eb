package io.sluice.server.metadata;

import io.sluice.engine.EngineException;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one principal sees of the catalogs. Calls may block. */
public final class CatalogBrowser {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogBrowser.class);

  private final Catalogs catalogs;
  private final Principal principal;

  public CatalogBrowser(Catalogs catalogs, Principal principal) {
    this.catalogs = catalogs;
    this.principal = principal;
  }

  /** A schema by its full name. */
  record SchemaEntry(Catalog catalog, String schema) {}

  /** A table or view by its full name. */
  record Entry(Catalog catalog, String schema, RelationEntry relation) {
    TableName name() {
      return new TableName(catalog.name(), schema, relation.name());
    }
  }

  /** The catalog of this name, or all where it is null; an empty name means those without one. */
  List<Catalog> catalogs(@Nullable String name) {
    List<Catalog> found = new ArrayList<>();
    for (String candidate : catalogs.names()) {
      if (name == null || candidate.equals(name)) {
        catalogs.find(candidate).ifPresent(found::add);
      }
    }
    return found;
  }

  List<SchemaEntry> schemas(@Nullable String catalog, @Nullable String pattern) {
    List<SchemaEntry> all = new ArrayList<>();
    for (Catalog each : catalogs(catalog)) {
      each.schemas(principal).stream()
          .sorted()
          .forEach(schema -> all.add(new SchemaEntry(each, schema)));
    }
    return pattern == null ? all : new LikePattern(pattern).filter(all, SchemaEntry::schema);
  }

  /** Tables and views by catalog, schema and name. */
  List<Entry> relations(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tablePattern) {
    List<Entry> all = new ArrayList<>();
    for (SchemaEntry schema : schemas(catalog, schemaPattern)) {
      schema.catalog().relations(principal, schema.schema()).stream()
          .sorted(Comparator.comparing(RelationEntry::name))
          .forEach(relation -> all.add(new Entry(schema.catalog(), schema.schema(), relation)));
    }
    return tablePattern == null
        ? all
        : new LikePattern(tablePattern).filter(all, entry -> entry.relation().name());
  }

  /** What the name stands for; empty where it is gone or cannot be read, which is logged. */
  Optional<Relation> load(Entry entry) {
    try {
      return entry.catalog().load(principal, entry.schema(), entry.relation().name());
    } catch (EngineException e) {
      LOG.warn("{} cannot be described: {}", entry.name(), e.getMessage());
      return Optional.empty();
    }
  }

  static List<ColumnDefinition> columns(Relation relation) {
    return switch (relation) {
      case Relation.Table table -> table.definition().columns();
      case Relation.View view -> view.definition().columns();
    };
  }
}
