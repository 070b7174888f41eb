package io.sluice.engine.connector;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The catalogs of a server, by name, with the schemas that the server adds to each of them. What is
 * in a catalog is asked here rather than of the {@link Catalog}, which knows nothing of the
 * additions. Names are exact.
 */
public final class Catalogs implements AutoCloseable {
  /** Stands between a table's name and that of one of its sub-tables. */
  public static final char SUB_TABLE_MARK = '$';

  private final Map<String, Catalog> byName;
  private final Map<String, Map<String, VirtualSchema>> added;
  private final List<Catalog> order = new CopyOnWriteArrayList<>();
  private final @Nullable Catalog own;
  private final List<Function<Catalog, Optional<VirtualSchema>>> everywhere;
  private volatile @Nullable TemporaryTables temporary;
  private volatile @Nullable CatalogRegistry registry;

  public Catalogs() {
    this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new CopyOnWriteArrayList<>(), null);
  }

  private Catalogs(
      Map<String, Catalog> byName,
      Map<String, Map<String, VirtualSchema>> added,
      List<Function<Catalog, Optional<VirtualSchema>>> everywhere,
      @Nullable Catalog own) {
    this.byName = byName;
    this.added = added;
    this.everywhere = everywhere;
    this.own = own;
  }

  /** These catalogs as a session sees them: with one of its own, which is not listed. */
  public Catalogs with(Catalog sessionsOwn) {
    Catalogs seen = new Catalogs(byName, added, everywhere, sessionsOwn);
    seen.registry = registry;
    return seen;
  }

  /** Adds a catalog, and to it {@code information_schema}. */
  public void add(Catalog catalog) {
    if (catalog.name().equalsIgnoreCase(TemporaryTables.NAME)) {
      throw new EngineException(
          ErrorCode.CONFIGURATION,
          "a catalog cannot be named " + catalog.name() + ": sessions keep temporary tables there");
    }
    if (byName.putIfAbsent(catalog.name(), catalog) != null) {
      throw new EngineException(
          ErrorCode.ALREADY_EXISTS, "catalog " + catalog.name() + " already exists");
    }
    order.add(catalog);
    addSchema(catalog.name(), InformationSchema.of(this, catalog.name()));
    everywhere.forEach(each -> decorate(catalog, each));
  }

  /**
   * Forgets a catalog and what was added to it. The caller closes it.
   *
   * @return the catalog, or empty where there is none
   */
  public Optional<Catalog> remove(String name) {
    added.remove(name);
    Optional<Catalog> removed = Optional.ofNullable(byName.remove(name));
    removed.ifPresent(order::remove);
    return removed;
  }

  /** Adds a schema of computed tables to every catalog for which there is one, later ones too. */
  public void addSchemas(Function<Catalog, Optional<VirtualSchema>> schemaOf) {
    everywhere.add(schemaOf);
    byName.values().forEach(catalog -> decorate(catalog, schemaOf));
  }

  private void decorate(Catalog catalog, Function<Catalog, Optional<VirtualSchema>> schemaOf) {
    schemaOf.apply(catalog).ifPresent(schema -> addSchema(catalog.name(), schema));
  }

  /** Statements may make and remove catalogs from now on. Takes ownership. */
  public void keepRegistry(CatalogRegistry outside) {
    registry = outside;
  }

  /** What makes catalogs, or empty where statements cannot. */
  public Optional<CatalogRegistry> registry() {
    return Optional.ofNullable(registry);
  }

  /** Adds a schema of computed tables to a catalog, or replaces one of that name. */
  public void addSchema(String catalog, VirtualSchema schema) {
    added.computeIfAbsent(catalog, c -> new ConcurrentHashMap<>()).put(schema.name(), schema);
  }

  /** Adds a computed table to one of a catalog's schemas, which need not be there. */
  public void addTable(String catalog, String schema, VirtualTable table) {
    added
        .computeIfAbsent(catalog, c -> new ConcurrentHashMap<>())
        .merge(
            schema,
            new VirtualSchema(schema, List.of(table)),
            (present, one) -> new VirtualSchema(schema, with(present.tables(), table)));
  }

  private static List<VirtualTable> with(List<VirtualTable> tables, VirtualTable table) {
    List<VirtualTable> all = new ArrayList<>(tables);
    all.removeIf(known -> known.name().equals(table.name()));
    all.add(table);
    return all;
  }

  public Optional<Catalog> find(String name) {
    if (own != null && own.name().equals(name)) {
      return Optional.of(own);
    }
    return Optional.ofNullable(byName.get(name));
  }

  /** Sessions may have temporary tables from now on. Takes ownership. */
  public void keepTemporaryTables(TemporaryTables tables) {
    temporary = tables;
  }

  /** Where sessions keep temporary tables, or empty where they have none. */
  public Optional<TemporaryTables> temporaryTables() {
    return Optional.ofNullable(temporary);
  }

  /** Names in order. */
  public List<String> names() {
    return List.copyOf(new TreeMap<>(byName).keySet());
  }

  private Catalog known(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_CATALOG, "catalog " + name + " does not exist"));
  }

  /** Names of a catalog's schemas, in order. */
  public List<String> schemas(Principal principal, String catalog) {
    TreeSet<String> names = new TreeSet<>(known(catalog).schemas(principal));
    names.addAll(added.getOrDefault(catalog, Map.of()).keySet());
    return List.copyOf(names);
  }

  /** Whether a schema of exactly that name is known to be there; false where only a list says. */
  public boolean hasSchema(Principal principal, String catalog, String schema) {
    return addition(catalog, schema).isPresent()
        || (known(catalog) instanceof SupportsSchemaLookup lookup
            && lookup.hasSchema(principal, schema));
  }

  /** Whether the schema holds nothing but what the server has added. */
  public boolean isVirtual(Principal principal, String catalog, String schema) {
    if (addition(catalog, schema).isEmpty()) {
      return false;
    }
    return known(catalog) instanceof SupportsSchemaLookup lookup
        ? !lookup.hasSchema(principal, schema)
        : !known(catalog).schemas(principal).contains(schema);
  }

  /** The listing of a schema, by name. */
  public List<RelationEntry> relations(Principal principal, String catalog, String schema) {
    Optional<VirtualSchema> addition = addition(catalog, schema);
    if (addition.isEmpty()) {
      return known(catalog).relations(principal, schema);
    }
    TreeMap<String, RelationEntry> entries = new TreeMap<>();
    if (!isVirtual(principal, catalog, schema)) {
      known(catalog).relations(principal, schema).forEach(each -> entries.put(each.name(), each));
    }
    for (VirtualTable table : addition.get().tables()) {
      entries.put(
          table.name(),
          new RelationEntry(table.name(), RelationEntry.Kind.SYSTEM_TABLE, table.comment()));
    }
    return List.copyOf(entries.values());
  }

  private Optional<VirtualSchema> addition(String catalog, String schema) {
    return Optional.ofNullable(added.getOrDefault(catalog, Map.of()).get(schema));
  }

  /** What the name stands for, sub-tables included, or empty. */
  public Optional<Relation> load(Principal principal, TableName name) {
    Optional<Relation> virtual =
        addition(name.catalog(), name.schema())
            .flatMap(schema -> schema.table(name.table()))
            .map(table -> table.relation(name, principal));
    if (virtual.isPresent()) {
      return virtual;
    }
    Optional<Relation> stored = known(name.catalog()).load(principal, name.schema(), name.table());
    return stored.isPresent() ? stored : subTable(principal, name);
  }

  private Optional<Relation> subTable(Principal principal, TableName name) {
    int mark = name.table().lastIndexOf(SUB_TABLE_MARK);
    if (mark <= 0) {
      return Optional.empty();
    }
    String base = name.table().substring(0, mark);
    String sub = name.table().substring(mark + 1);
    return known(name.catalog())
        .load(principal, name.schema(), base)
        .filter(relation -> relation instanceof HasSubTables all && all.subTables().contains(sub))
        .map(relation -> ((HasSubTables) relation).subTable(sub));
  }

  /** Catalogs close before those that were added before them. */
  @Override
  public void close() {
    TemporaryTables tables = temporary;
    if (tables != null) {
      tables.close();
    }
    order.reversed().forEach(Catalog::close);
    order.clear();
    byName.clear();
    CatalogRegistry outside = registry;
    if (outside != null) {
      outside.close();
    }
  }
}
