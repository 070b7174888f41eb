package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.CatalogRegistry;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.connector.VirtualRelation;
import io.sluice.planner.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names of one statement, looked up once each: every table is loaded once and every version of
 * it is one snapshot for the whole statement. Used by one thread at a time.
 */
public final class StatementTables {
  private final Catalogs catalogs;
  private final Principal principal;
  private final String defaultCatalog;
  private final String defaultSchema;
  private final @Nullable Catalog temporary;
  private final Map<TableName, Relation> relations;
  private final Map<TableName, Relation> loaded;
  private final Map<TableName, Map<TableVersion, TableSnapshot>> snapshots;
  private final boolean recorded;
  private @Nullable Recorder recorder;
  private boolean onlineScan;
  private final Listings listings;
  private final QualifiedNames names = new QualifiedNames(this);

  /** The names that a session sees. */
  public StatementTables(Catalogs catalogs, Session session) {
    this(
        session.catalogs(catalogs),
        session.principal(),
        session.catalog(),
        session.schema(),
        session.temporaryTables(catalogs).orElse(null),
        new HashMap<>(),
        new HashMap<>(),
        new HashMap<>(),
        false);
    this.onlineScan = session.onlineScan();
  }

  private StatementTables(
      Catalogs catalogs,
      Principal principal,
      String defaultCatalog,
      String defaultSchema,
      @Nullable Catalog temporary,
      Map<TableName, Relation> relations,
      Map<TableName, Relation> loaded,
      Map<TableName, Map<TableVersion, TableSnapshot>> snapshots,
      boolean recorded) {
    this.catalogs = catalogs;
    this.principal = principal;
    this.defaultCatalog = defaultCatalog;
    this.defaultSchema = defaultSchema;
    this.temporary = temporary;
    this.relations = relations;
    this.loaded = loaded;
    this.snapshots = snapshots;
    this.recorded = recorded;
    this.listings = new Listings(catalogs, principal);
  }

  /**
   * The same statement, and the same snapshots, with other defaults: a view's body, which means the
   * same in every session and so sees no temporary tables.
   */
  public StatementTables within(String catalog, String schema) {
    StatementTables own = over(catalog, schema, null, relations, snapshots);
    own.recorder = recorder;
    return own;
  }

  /**
   * The same statement, and the same snapshots, with other defaults and with relations that take
   * the place of what the catalogs hold by these names.
   */
  public StatementTables overlaid(
      String catalog, String schema, Map<TableName, Relation> replacing) {
    Map<TableName, Relation> known = new HashMap<>(relations);
    known.putAll(replacing);
    return over(catalog, schema, null, known, snapshots);
  }

  private StatementTables over(
      String catalog,
      String schema,
      @Nullable Catalog own,
      Map<TableName, Relation> known,
      Map<TableName, Map<TableVersion, TableSnapshot>> states) {
    StatementTables other =
        new StatementTables(
            catalogs, principal, catalog, schema, own, known, loaded, states, recorded);
    other.onlineScan = onlineScan;
    return other;
  }

  /** The catalog of the session's temporary tables, or empty where there can be none. */
  public Optional<Catalog> temporaryTables() {
    return Optional.ofNullable(temporary);
  }

  /** Whether the name is that of a temporary table. */
  public static boolean isTemporary(TableName name) {
    return name.catalog().equals(TemporaryTables.NAME);
  }

  /** Whether these names were written down, rather than looked up now. */
  public boolean isRecorded() {
    return recorded;
  }

  /** The version by which a plan names what {@code version} stands for in this statement. */
  TableVersion planned(TableVersion version) {
    Recorder by = recorder;
    return by == null ? version : new TableVersion.AsRead(by.dataset(), by.number(), version);
  }

  /** The version of a training dataset that wrote these names down. */
  private record Recorder(TableName dataset, int number) {}

  /** Plans over these names find the states again through a training dataset's record. */
  public StatementTables recordedBy(TableName dataset, int number) {
    recorder = new Recorder(dataset, number);
    return this;
  }

  /** Whether the session lets queries read all rows of online tables. */
  public boolean onlineScan() {
    return onlineScan;
  }

  /** The same names, of which nothing has been looked up yet. */
  public StatementTables fresh() {
    return over(defaultCatalog, defaultSchema, temporary, new HashMap<>(), new HashMap<>());
  }

  /**
   * Names as they were written down: these relations and snapshots and no others, whatever the
   * catalogs hold by now.
   */
  public StatementTables recorded(
      String catalog,
      String schema,
      Map<TableName, Relation> known,
      Map<TableName, Map<TableVersion, TableSnapshot>> states) {
    Map<TableName, Map<TableVersion, TableSnapshot>> copies = new HashMap<>();
    states.forEach((name, versions) -> copies.put(name, new HashMap<>(versions)));
    return new StatementTables(
        catalogs, principal, catalog, schema, null, new HashMap<>(known), loaded, copies, true);
  }

  /** Everything that has been looked up so far. */
  public List<Relation> relationsUsed() {
    return List.copyOf(relations.values());
  }

  /** What catalogs have given so far, for whichever defaults and replacements. */
  public Map<TableName, Relation> loaded() {
    return Map.copyOf(loaded);
  }

  /** Every state of a table that has been resolved so far. */
  public Map<TableName, Map<TableVersion, TableSnapshot>> snapshotsUsed() {
    Map<TableName, Map<TableVersion, TableSnapshot>> used = new HashMap<>();
    snapshots.forEach((name, versions) -> used.put(name, Map.copyOf(versions)));
    return used;
  }

  public Principal principal() {
    return principal;
  }

  public String defaultCatalog() {
    return defaultCatalog;
  }

  public String defaultSchema() {
    return defaultSchema;
  }

  /**
   * The catalog of that name.
   *
   * @throws EngineException UNKNOWN_CATALOG
   */
  public Catalog catalog(String name) {
    return findCatalog(name)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_CATALOG,
                    "catalog "
                        + name
                        + " does not exist"
                        + Names.didYouMean(name, catalogs.names())));
  }

  Optional<Catalog> findCatalog(String name) {
    if (temporary != null && name.equalsIgnoreCase(TemporaryTables.NAME)) {
      return Optional.of(temporary);
    }
    return Names.find(name, catalogs.names(), "catalog").flatMap(catalogs::find);
  }

  /** What makes catalogs, or empty where statements cannot. */
  public Optional<CatalogRegistry> registry() {
    return catalogs.registry();
  }

  public List<String> catalogNames() {
    return catalogs.names();
  }

  public List<String> schemaNames(Catalog catalog) {
    if (recorded) {
      return relations.keySet().stream()
          .filter(name -> name.catalog().equals(catalog.name()))
          .map(TableName::schema)
          .distinct()
          .toList();
    }
    return listings.schemas(catalog);
  }

  /** The schema's exact name, or empty. */
  public Optional<String> findSchema(Catalog catalog, String schema) {
    return recorded
        ? Names.find(schema, schemaNames(catalog), "schema")
        : listings.findSchema(catalog, schema);
  }

  /** Whether a schema's name begins with these words and a dot: it is nested in them. */
  boolean holdsSchemas(Catalog catalog, String words) {
    String prefix = words + Names.NESTING_MARK;
    return schemaNames(catalog).stream()
        .anyMatch(schema -> schema.regionMatches(true, 0, prefix, 0, prefix.length()));
  }

  /**
   * The schema's exact name.
   *
   * @throws EngineException UNKNOWN_SCHEMA
   */
  public String schema(Catalog catalog, String schema) {
    return findSchema(catalog, schema)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_SCHEMA,
                    "schema "
                        + schema
                        + " does not exist in catalog "
                        + catalog.name()
                        + Names.didYouMean(schema, schemaNames(catalog))));
  }

  public List<RelationEntry> relationEntries(Catalog catalog, String schema) {
    return listings.relations(catalog, schema);
  }

  public List<String> relationNames(Catalog catalog, String schema) {
    if (recorded) {
      return relations.keySet().stream()
          .filter(name -> name.catalog().equals(catalog.name()) && name.schema().equals(schema))
          .map(TableName::table)
          .toList();
    }
    return relationEntries(catalog, schema).stream().map(RelationEntry::name).toList();
  }

  /**
   * The exact name of what {@code parts} (1 to 3, and a sub-table's) stands for, whether or not it
   * is there. Temporary tables are found first.
   */
  public TableName qualify(List<String> parts) {
    return names.qualify(parts);
  }

  /**
   * The same for what a statement is to create, where a dot is never a sub-table's and a temporary
   * table of the same name does not count.
   */
  public TableName qualifyNew(List<String> parts) {
    return names.permanentOrTemporary(parts);
  }

  /**
   * The name of a temporary table to be made: alone, or with the schema.
   *
   * @throws EngineException UNSUPPORTED where sessions have none, UNKNOWN_SCHEMA for another schema
   */
  public TableName qualifyTemporary(List<String> parts) {
    return names.temporary(parts);
  }

  /**
   * The name with a sub-table's dot as the dollar sign: {@code t.snapshots} is {@code t$snapshots}
   * where there is no table {@code snapshots} in a schema {@code t}.
   */
  List<String> undotted(List<String> parts) {
    return names.undotted(parts);
  }

  /**
   * The catalog in which a statement is to change what has the name.
   *
   * @throws EngineException UNSUPPORTED where it is computed
   */
  public Catalog changing(TableName name) {
    if (load(name).orElse(null) instanceof VirtualRelation computed) {
      throw computed.unchangeable();
    }
    return changing(catalog(name.catalog()), name.schema());
  }

  /** The same for a schema. */
  public Catalog changing(Catalog catalog, String schema) {
    if (catalogs.isVirtual(principal, catalog.name(), schema)) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "schema "
              + catalog.name()
              + "."
              + schema
              + " holds what Sluice computes and cannot be changed; use a schema of your own");
    }
    return catalog;
  }

  /** What the name stands for, or empty. */
  public Optional<Relation> load(TableName name) {
    Relation known = relations.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    if (recorded) {
      return Optional.empty();
    }
    Optional<Relation> found = catalogs.load(principal, name);
    found.ifPresent(
        relation -> {
          relations.put(name, relation);
          loaded.put(name, relation);
        });
    return found;
  }

  /**
   * The table.
   *
   * @throws EngineException UNKNOWN_TABLE with close names
   */
  public Relation.Table table(List<String> parts) {
    TableName name = qualify(parts);
    return switch (load(name).orElseThrow(() -> unknown(parts, name))) {
      case Relation.Table table -> table;
      case Relation.View view ->
          throw new EngineException(
              ErrorCode.UNKNOWN_TABLE, view.name() + " is a view, not a table");
      case Relation.Dataset dataset ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              dataset.name() + " is a training dataset, whose versions never change");
    };
  }

  /** The error for a name that stands for nothing. */
  public EngineException unknown(List<String> parts, TableName name) {
    List<String> near = new ArrayList<>(relationNames(catalog(name.catalog()), name.schema()));
    if (temporary != null) {
      near.addAll(relationNames(temporary, TemporaryTables.NAME));
    }
    return new EngineException(
        ErrorCode.UNKNOWN_TABLE,
        "table "
            + String.join(".", parts)
            + " does not exist in schema "
            + name.catalog()
            + "."
            + name.schema()
            + Names.didYouMean(name.table(), near));
  }

  /** The one snapshot of that version in this statement. */
  public TableSnapshot snapshot(TableName name, TableVersion asked) {
    TableVersion version =
        recorded && asked instanceof TableVersion.AsRead read ? read.version() : asked;
    return snapshots
        .computeIfAbsent(name, n -> new HashMap<>())
        .computeIfAbsent(
            version,
            v -> {
              Relation relation =
                  load(name)
                      .orElseThrow(
                          () ->
                              unknown(List.of(name.catalog(), name.schema(), name.table()), name));
              if (relation instanceof Relation.Table table) {
                return table.snapshot(v);
              }
              throw new EngineException(ErrorCode.UNKNOWN_TABLE, name + " is a view, not a table");
            });
  }
}
