package io.sluice.server;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A catalog whose tables are lists of rows, for tests of what lies above catalogs. */
public final class MemoryCatalog implements Catalog {
  private final Map<String, Map<String, Stored>> schemas = new ConcurrentHashMap<>();
  private final AtomicInteger openWrites = new AtomicInteger();
  private final AtomicInteger commits = new AtomicInteger();

  /** A table or view. */
  private record Stored(
      TableDefinition definition,
      List<List<@Nullable Object>> rows,
      @Nullable ViewDefinition view) {}

  public MemoryCatalog() {
    schemas.put("main", new TreeMap<>());
  }

  /** All rows that were committed. */
  public List<List<@Nullable Object>> rows(String schema, String table) {
    return stored(schema, table).rows();
  }

  public TableDefinition definition(String schema, String table) {
    return stored(schema, table).definition();
  }

  private Map<String, Stored> schema(String name) {
    return Objects.requireNonNull(schemas.get(name), name);
  }

  private Stored stored(String schema, String table) {
    Stored stored = schemas.getOrDefault(schema, Map.of()).get(table);
    if (stored == null) {
      throw new EngineException(ErrorCode.UNKNOWN_TABLE, "no table " + schema + "." + table);
    }
    return stored;
  }

  /** Writes that were neither committed nor closed. */
  public int openWrites() {
    return openWrites.get();
  }

  public int commits() {
    return commits.get();
  }

  @Override
  public String name() {
    return "lake";
  }

  @Override
  public List<String> schemas(Principal principal) {
    return List.copyOf(new TreeMap<>(schemas).keySet());
  }

  @Override
  public void createSchema(Principal principal, String schema, Map<String, String> properties) {
    schemas.put(schema, new TreeMap<>());
  }

  @Override
  public void dropSchema(Principal principal, String schema) {
    schemas.remove(schema);
  }

  @Override
  public List<RelationEntry> relations(Principal principal, String schema) {
    List<RelationEntry> entries = new ArrayList<>();
    schemas
        .getOrDefault(schema, Map.of())
        .forEach(
            (name, stored) ->
                entries.add(
                    new RelationEntry(
                        name,
                        stored.view() == null ? RelationEntry.Kind.TABLE : RelationEntry.Kind.VIEW,
                        stored.definition().comment())));
    return entries;
  }

  @Override
  public Optional<Relation> load(Principal principal, String schema, String name) {
    Stored stored = schemas.getOrDefault(schema, Map.of()).get(name);
    if (stored == null) {
      return Optional.empty();
    }
    TableName full = new TableName(name(), schema, name);
    ViewDefinition view = stored.view();
    return Optional.of(
        view == null ? new MemoryTable(full, stored.definition()) : new Relation.View(full, view));
  }

  private record MemoryTable(TableName name, TableDefinition definition) implements Relation.Table {
    @Override
    public String uuid() {
      return name.toString();
    }

    @Override
    public TableSnapshot snapshot(TableVersion version) {
      throw new EngineException(ErrorCode.UNSUPPORTED, "tables of this catalog are not scanned");
    }
  }

  @Override
  public void createTable(
      Principal principal,
      String schema,
      String name,
      TableDefinition definition,
      boolean replace) {
    schema(schema).put(name, new Stored(definition, new ArrayList<>(), null));
  }

  @Override
  public void dropTable(Principal principal, String schema, String name) {
    schema(schema).remove(name);
  }

  @Override
  public void createView(
      Principal principal, String schema, String name, ViewDefinition definition, boolean replace) {
    schema(schema)
        .put(
            name,
            new Stored(TableDefinition.of(definition.columns()), new ArrayList<>(), definition));
  }

  @Override
  public void dropView(Principal principal, String schema, String name) {
    schema(schema).remove(name);
  }

  @Override
  public void comment(
      Principal principal,
      String schema,
      String name,
      @Nullable String column,
      @Nullable String comment) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "comments");
  }

  @Override
  public TableWrite write(
      Principal principal, String schema, String name, TableDefinition definition, WriteMode mode) {
    Stored there = schema(schema).get(name);
    if (mode == WriteMode.CREATE && there != null) {
      throw new EngineException(ErrorCode.ALREADY_EXISTS, "table " + name + " already exists");
    }
    if (mode == WriteMode.APPEND && there == null) {
      throw new EngineException(ErrorCode.UNKNOWN_TABLE, "no table " + name);
    }
    openWrites.incrementAndGet();
    return there == null || mode == WriteMode.REPLACE
        ? new MemoryWrite(schema, name, definition, List.of())
        : new MemoryWrite(schema, name, there.definition(), there.rows());
  }

  private final class MemoryWrite implements TableWrite {
    private final String schema;
    private final String name;
    private final TableDefinition definition;
    private final List<List<@Nullable Object>> rows;
    private final int before;
    private boolean closed;

    MemoryWrite(
        String schema,
        String name,
        TableDefinition definition,
        List<List<@Nullable Object>> before) {
      this.schema = schema;
      this.name = name;
      this.definition = definition;
      this.rows = new ArrayList<>(before);
      this.before = before.size();
    }

    @Override
    public TableDefinition definition() {
      return definition;
    }

    @Override
    public void write(Batch batch) {
      try (batch) {
        rows.addAll(Batches.rows(batch));
      }
    }

    @Override
    public long commit() {
      schema(schema).put(name, new Stored(definition, rows, null));
      commits.incrementAndGet();
      return (long) rows.size() - before;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openWrites.decrementAndGet();
      }
    }
  }

  @Override
  public long registerParquet(Principal principal, String schema, String name, String location) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "files");
  }

  @Override
  public void close() {}
}
