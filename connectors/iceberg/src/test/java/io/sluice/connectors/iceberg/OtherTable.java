package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.ScanTest.iceberg;

import io.sluice.connectors.iceberg.OtherWriter.Place;
import io.sluice.connectors.iceberg.io.LocalFileIO;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A table of the embedded lake's catalog, made by the library. */
final class OtherTable implements AutoCloseable {
  final Lake lake;
  final OtherWriter writer;
  private final JdbcCatalog catalog = new JdbcCatalog();

  OtherTable(Path folder, BufferAllocator allocator, Schema schema, int version) {
    this.lake = new Lake(folder, allocator);
    catalog.initialize(
        EmbeddedLake.CATALOG,
        Map.of(
            "uri",
            "jdbc:sqlite:" + folder.resolve("catalog.db"),
            "warehouse",
            folder.resolve("warehouse").toString(),
            "io-impl",
            LocalFileIO.class.getName(),
            "jdbc.schema-version",
            "V1"));
    catalog.createTable(
        TableIdentifier.of("main", "t"),
        schema,
        PartitionSpec.unpartitioned(),
        Map.of("format-version", Integer.toString(version)));
    this.writer = new OtherWriter(() -> iceberg(lake, "t"));
  }

  Table table() {
    return iceberg(lake, "t");
  }

  void rows(int first, int end) {
    List<Record> rows = new ArrayList<>();
    Schema schema = table().schema();
    for (int i = first; i < end; i++) {
      GenericRecord row = GenericRecord.create(schema);
      set(row, "id", (long) i);
      set(row, "s", i % 3 == 0 ? null : "s" + i % 4);
      set(row, "ts", LocalDateTime.of(2026, 1 + i % 12, 1 + i, i % 24, 7));
      set(row, "d", BigDecimal.valueOf(i * 25L, 2));
      set(row, "i", schema.findType("i") == Types.LongType.get() ? (Object) (long) i : i);
      rows.add(row);
    }
    writer.append(rows);
  }

  private static void set(GenericRecord row, String column, @Nullable Object value) {
    if (row.struct().field(column) != null) {
      row.setField(column, value);
    }
  }

  List<Place> places(long... positions) {
    List<Place> places = new ArrayList<>();
    writer
        .tasks()
        .forEach(
            task -> {
              for (long position : positions) {
                places.add(new Place(task.file().location(), position));
              }
            });
    return places;
  }

  List<List<@Nullable Object>> ours() {
    return lake.read("t");
  }

  List<List<@Nullable Object>> theirs() {
    return OtherWriter.judge(
        table(), Objects.requireNonNull(table().currentSnapshot()).snapshotId());
  }

  @Override
  public void close() {
    catalog.close();
    lake.close();
  }

  /**
   * Adds a file of one row, whose {@code id} is 1, that no Iceberg writer made.
   *
   * @param fieldIds as DuckDB takes them, null for none
   */
  void add(@Nullable String fieldIds, UnaryOperator<DataFiles.Builder> description) {
    Path file = lake.folder.resolve("file.parquet");
    try (java.sql.Connection connection = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT 1::BIGINT AS id) TO '"
              + file
              + "' (FORMAT parquet"
              + (fieldIds == null ? "" : ", FIELD_IDS " + fieldIds)
              + ")");
      DataFiles.Builder builder =
          DataFiles.builder(table().spec())
              .withPath(file.toString())
              .withFormat(FileFormat.PARQUET)
              .withRecordCount(1)
              .withFileSizeInBytes(Files.size(file));
      table().newFastAppend().appendFile(description.apply(builder).build()).commit();
    } catch (java.sql.SQLException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
