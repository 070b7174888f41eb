package io.sluice.planner.testing;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.ScanMetrics;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.connector.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** A catalog in memory: tables keep definitions and claimed sizes but no rows. */
public final class EmptyTables implements Catalog {
  private final String name;
  private final Map<String, Map<String, Relation>> schemas = new TreeMap<>();
  private final Map<String, Long> rows = new TreeMap<>();

  public EmptyTables(String name) {
    this.name = name;
    schemas.put("main", new TreeMap<>());
  }

  /** Sets the row count that a table of the main schema claims. */
  public void claim(String table, long count) {
    rows.put(table, count);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> schemas(Principal principal) {
    return List.copyOf(schemas.keySet());
  }

  @Override
  public void createSchema(Principal principal, String schema, Map<String, String> properties) {
    schemas.put(schema, new TreeMap<>());
  }

  @Override
  public void dropSchema(Principal principal, String schema) {
    if (!relations(schema).isEmpty()) {
      throw new EngineException(ErrorCode.SCHEMA_NOT_EMPTY, schema + " is not empty");
    }
    schemas.remove(schema);
  }

  private Map<String, Relation> relations(String schema) {
    Map<String, Relation> relations = schemas.get(schema);
    if (relations == null) {
      throw new EngineException(ErrorCode.UNKNOWN_SCHEMA, schema);
    }
    return relations;
  }

  @Override
  public List<RelationEntry> relations(Principal principal, String schema) {
    return relations(schema).values().stream()
        .map(
            relation ->
                new RelationEntry(
                    relation.name().table(),
                    relation instanceof Relation.View
                        ? RelationEntry.Kind.VIEW
                        : RelationEntry.Kind.TABLE,
                    null))
        .toList();
  }

  @Override
  public Optional<Relation> load(Principal principal, String schema, String table) {
    Map<String, Relation> relations = schemas.get(schema);
    return relations == null ? Optional.empty() : Optional.ofNullable(relations.get(table));
  }

  @Override
  public void createTable(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      boolean replace) {
    relations(schema).put(table, new Table(new TableName(name, schema, table), definition));
  }

  @Override
  public void dropTable(Principal principal, String schema, String table) {
    relations(schema).remove(table);
  }

  @Override
  public void createView(
      Principal principal, String schema, String view, ViewDefinition definition, boolean replace) {
    relations(schema).put(view, new Relation.View(new TableName(name, schema, view), definition));
  }

  @Override
  public void dropView(Principal principal, String schema, String view) {
    relations(schema).remove(view);
  }

  @Override
  public void comment(
      Principal principal,
      String schema,
      String table,
      @Nullable String column,
      @Nullable String comment) {}

  @Override
  public TableWrite write(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      WriteMode mode) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "these tables keep no rows");
  }

  @Override
  public long registerParquet(Principal principal, String schema, String table, String location) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "these tables keep no rows");
  }

  @Override
  public void close() {}

  private final class Table implements Relation.Table {
    private final TableName tableName;
    private final TableDefinition definition;

    private Table(TableName tableName, TableDefinition definition) {
      this.tableName = tableName;
      this.definition = definition;
    }

    @Override
    public TableName name() {
      return tableName;
    }

    @Override
    public String uuid() {
      return tableName.toString();
    }

    @Override
    public TableDefinition definition() {
      return definition;
    }

    @Override
    public TableSnapshot snapshot(TableVersion version) {
      return new Snapshot(tableName, definition, rows.getOrDefault(tableName.table(), 1000L));
    }
  }

  private record Snapshot(TableName name, TableDefinition definition, long rows)
      implements TableSnapshot {
    @Override
    public String tableUuid() {
      return name.toString();
    }

    @Override
    public long snapshotId() {
      return 1;
    }

    @Override
    public boolean keepsOrder() {
      return false;
    }

    @Override
    public TableStatistics statistics() {
      return new TableStatistics(rows, rows * 100, Map.of());
    }

    @Override
    public TableScan scan(ScanRequest request) {
      TreeSet<String> known = new TreeSet<>();
      definition.columns().stream().map(ColumnDefinition::name).forEach(known::add);
      assert known.containsAll(request.columns()) : request.columns();
      return new NoRows();
    }
  }

  private static final class NoRows implements TableScan {
    @Override
    public List<ScanSplit> splits() {
      return List.of();
    }

    @Override
    public List<HiddenColumn> rowOrder() {
      return List.of();
    }

    @Override
    public TableScan reading(List<String> columns) {
      return this;
    }

    @Override
    public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
      throw new AssertionError("there is no split");
    }

    @Override
    public SplitReader fetch(
        ScanSplit split, int[] wanted, BufferAllocator allocator, int batchRows) {
      throw new AssertionError("there is no split");
    }

    @Override
    public ScanMetrics metrics() {
      return ScanMetrics.NONE;
    }

    @Override
    public void close() {}
  }
}
