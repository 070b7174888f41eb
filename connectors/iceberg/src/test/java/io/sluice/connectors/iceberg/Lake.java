package io.sluice.connectors.iceberg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** An embedded lake in a folder, and short ways to write and read it. */
final class Lake implements AutoCloseable {
  static final Principal ANYONE = Principal.ANONYMOUS;

  final Path folder;
  final IcebergCatalog catalog;
  private final BufferAllocator allocator;

  Lake(Path folder, BufferAllocator allocator) {
    this.folder = folder;
    this.allocator = allocator;
    this.catalog = EmbeddedLake.open(folder, allocator, "lake");
  }

  static ColumnDefinition column(String name, SqlType type) {
    return new ColumnDefinition(name, type, true, null);
  }

  static TableDefinition table(ColumnDefinition... columns) {
    return TableDefinition.of(List.of(columns));
  }

  static TableDefinition withProperties(TableDefinition t, Map<String, String> properties) {
    return new TableDefinition(
        t.columns(),
        t.primaryKey(),
        t.eventTime(),
        t.ingestionTime(),
        t.foreignKeys(),
        t.comment(),
        properties);
  }

  /** Asserts the code of a failure. */
  static EngineException fails(ErrorCode code, Executable action) {
    EngineException failure = assertThrows(EngineException.class, action);
    assertEquals(code, failure.code(), failure::toString);
    return failure;
  }

  static <T> T notNull(@Nullable T value) {
    return Objects.requireNonNull(value);
  }

  static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  long write(
      String name, TableDefinition definition, WriteMode mode, List<? extends List<?>> rows) {
    try (TableWrite write = catalog.write(ANYONE, "main", name, definition, mode)) {
      List<SqlType> types =
          write.definition().columns().stream().map(ColumnDefinition::type).toList();
      write.write(Batches.of(allocator, types, rows));
      return write.commit();
    }
  }

  Relation.Table table(String name) {
    return (Relation.Table) catalog.load(ANYONE, "main", name).orElseThrow();
  }

  TableSnapshot current(String name) {
    return table(name).snapshot(new TableVersion.Current());
  }

  TableStatistics.ColumnStatistics statistics(String table, String column) {
    return Objects.requireNonNull(current(table).statistics().columns().get(column));
  }

  /** All columns of the current state. */
  List<List<@Nullable Object>> read(String name) {
    TableSnapshot snapshot = current(name);
    return read(
        snapshot,
        snapshot.definition().columns().stream().map(ColumnDefinition::name).toList(),
        null);
  }

  List<List<@Nullable Object>> read(
      TableSnapshot snapshot, List<String> columns, @Nullable Expression filter) {
    try (TableScan scan = snapshot.scan(new ScanRequest(columns, filter))) {
      return read(scan);
    }
  }

  List<List<@Nullable Object>> read(TableScan scan) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ScanSplit split : scan.splits()) {
      try (SplitReader reader = scan.open(split, allocator, 1000)) {
        rows.addAll(drain(reader));
      }
    }
    return rows;
  }

  static List<List<@Nullable Object>> drain(SplitReader reader) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (true) {
      switch (reader.poll()) {
        case Poll.Ready(Batch batch) -> {
          try (batch) {
            rows.addAll(Batches.rows(batch));
          }
        }
        case Poll.Blocked blocked -> blocked.until().join();
        case Poll.Finished ignored -> {
          return rows;
        }
      }
    }
  }

  /** Files below the warehouse, without folders. */
  List<Path> warehouseFiles() {
    try (Stream<Path> walk = Files.walk(folder.resolve("warehouse"))) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    catalog.close();
  }
}
