package io.sluice.server.metadata;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.HasSubTables;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.connector.VirtualRelation;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one session sees of the catalogs. Calls may block. */
public final class CatalogBrowser {
  /** The standard's name for tables that one session sees. */
  static final String TEMPORARY = "LOCAL TEMPORARY";

  private static final Logger LOG = LoggerFactory.getLogger(CatalogBrowser.class);

  private final QueryPipeline pipeline;
  private final Catalogs catalogs;
  private final Session session;
  private final Principal principal;

  public CatalogBrowser(QueryPipeline pipeline, Session session) {
    this.pipeline = pipeline;
    this.catalogs = session.catalogs(pipeline.catalogs());
    this.session = session;
    this.principal = session.principal();
  }

  /** A schema by its full name. */
  record SchemaEntry(Catalog catalog, String schema) {}

  /** A table or view by its full name. */
  record Entry(Catalog catalog, String schema, RelationEntry relation) {
    TableName name() {
      return new TableName(catalog.name(), schema, relation.name());
    }

    /** Its type in Flight SQL, JDBC and ADBC. */
    String type() {
      if (catalog.name().equals(TemporaryTables.NAME)) {
        return TEMPORARY;
      }
      // tools ask for tables and views; a training dataset reads like a table
      return relation.kind() == RelationEntry.Kind.TRAINING_DATASET
          ? RelationEntry.Kind.TABLE.name()
          : relation.kind().name().replace('_', ' ');
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
    if (name == null || name.equals(TemporaryTables.NAME)) {
      // The catalog of temporary tables shows once there is one.
      session
          .temporaryTables(catalogs)
          .filter(own -> !own.relations(principal, TemporaryTables.NAME).isEmpty())
          .ifPresent(found::add);
    }
    return found;
  }

  List<SchemaEntry> schemas(@Nullable String catalog, @Nullable String pattern) {
    List<SchemaEntry> all = new ArrayList<>();
    for (Catalog each : catalogs(catalog)) {
      answered(catalog, each.name(), () -> catalogs.schemas(principal, each.name()))
          .forEach(schema -> all.add(new SchemaEntry(each, schema)));
    }
    return pattern == null ? all : new LikePattern(pattern).filter(all, SchemaEntry::schema);
  }

  /**
   * Tables and views by catalog, schema and name; sub-tables such as {@code t$snapshots} where the
   * pattern has a dollar sign.
   */
  List<Entry> relations(
      @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tablePattern) {
    List<Entry> all = new ArrayList<>();
    for (SchemaEntry schema : schemas(catalog, schemaPattern)) {
      String name = schema.catalog().name();
      answered(catalog, name, () -> catalogs.relations(principal, name, schema.schema())).stream()
          .sorted(Comparator.comparing(RelationEntry::name))
          .map(relation -> new Entry(schema.catalog(), schema.schema(), relation))
          .forEach(
              entry -> {
                all.add(entry);
                if (tablePattern != null && tablePattern.indexOf(Catalogs.SUB_TABLE_MARK) > 0) {
                  all.addAll(subTables(entry));
                }
              });
    }
    return tablePattern == null
        ? all
        : new LikePattern(tablePattern).filter(all, entry -> entry.relation().name());
  }

  /**
   * What a catalog lists. Where a client asks for all catalogs, one that does not answer, or not to
   * this user, is left out, which is logged.
   */
  private static <T> List<T> answered(
      @Nullable String asked, String catalog, Supplier<List<T>> listing) {
    try {
      return listing.get();
    } catch (EngineException e) {
      if (asked != null || e.code() == ErrorCode.INTERNAL) {
        throw e;
      }
      LOG.warn("catalog {} cannot be listed: {}", catalog, e.getMessage());
      return List.of();
    }
  }

  private List<Entry> subTables(Entry entry) {
    if (!(load(entry).orElse(null) instanceof HasSubTables table)) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    for (String sub : table.subTables()) {
      String name = entry.relation().name() + Catalogs.SUB_TABLE_MARK + sub;
      RelationEntry.Kind kind =
          table.subTable(sub) instanceof VirtualRelation
              ? RelationEntry.Kind.SYSTEM_TABLE
              : RelationEntry.Kind.TABLE;
      String comment = table.subTable(sub).definition().comment();
      entries.add(
          new Entry(entry.catalog(), entry.schema(), new RelationEntry(name, kind, comment)));
    }
    return entries;
  }

  /** What the name stands for; empty where it is gone or cannot be read, which is logged. */
  Optional<Relation> load(Entry entry) {
    try {
      return catalogs.load(principal, entry.name());
    } catch (EngineException e) {
      LOG.warn("{} cannot be described: {}", entry.name(), e.getMessage());
      return Optional.empty();
    }
  }

  /** The primary key of a table or view; none where it cannot be read, which is logged. */
  List<String> primaryKey(Entry entry) {
    try {
      return load(entry)
          .map(relation -> pipeline.declarations(relation, session).primaryKey())
          .orElse(List.of());
    } catch (EngineException e) {
      LOG.warn("{} cannot be described: {}", entry.name(), e.getMessage());
      return List.of();
    }
  }
}
