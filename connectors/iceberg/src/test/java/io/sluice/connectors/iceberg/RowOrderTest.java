package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** In which order a table's rows are, and how a scan's splits are read again. */
@ExtendWith(AllocatorExtension.class)
class RowOrderTest {
  private static final TableDefinition T =
      table(column("a", SqlType.BIGINT), column("b", SqlType.BIGINT));
  private static final Expression FROM_100 =
      new Expression.Call(
          "ge",
          List.of(
              new Expression.InputRef(0, SqlType.BIGINT),
              new Expression.Literal(100L, SqlType.BIGINT)),
          SqlType.BOOLEAN);

  @Test
  void splitsOfOneChoiceAreReadForOtherColumns(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L, 10L)));
      lake.write("t", T, WriteMode.APPEND, List.of(row(100L, 20L), row(101L, 30L)));
      lake.write("t", T, WriteMode.APPEND, List.of(row(2L, 40L)));
      lake.write("t", T, WriteMode.APPEND, List.of(row(102L, 50L)));
      try (TableScan chosen = lake.current("t").scan(new ScanRequest(List.of("a"), FROM_100));
          TableScan other = chosen.reading(List.of("b", "_row_id"))) {
        assertEquals(
            chosen.splits().stream().map(ScanSplit::ordinal).toList(),
            other.splits().stream().map(ScanSplit::ordinal).toList());
        assertEquals(List.of(row(100L), row(101L), row(102L)), lake.read(chosen));
        assertEquals(List.of(row(20L, 1L), row(30L, 2L), row(50L, 4L)), lake.read(other));
        assertEquals(List.of(), chosen.rowOrder());
      }
    }
  }

  @Test
  void aTableWithoutRowsIsReadToo(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of());
      try (TableScan none = lake.current("t").scan(new ScanRequest(List.of("a"), null));
          TableScan other = none.reading(List.of("b"))) {
        assertEquals(List.of(), lake.read(other));
        assertEquals(List.of(), none.rowOrder());
      }
    }
  }

  /** A rewritten file brings its rows' identities, which are not in order of their places. */
  @Test
  void rewrittenRowsAreOrderedByIdentity(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L, 10L), row(2L, 20L)));
      appendWithIdentity(lake, folder.resolve("rewritten.parquet"));
      List<HiddenColumn> identity =
          List.of(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER, HiddenColumn.ROW_ID);
      try (TableScan scan = lake.current("t").scan(new ScanRequest(List.of("a"), null))) {
        assertEquals(identity, scan.rowOrder());
        try (TableScan complete =
            scan.reading(List.of("a", "_last_updated_sequence_number", "_row_id"))) {
          assertEquals(
              List.of(row(1L, 1L, 0L), row(2L, 1L, 1L), row(100L, 1L, 77L), row(101L, 2L, 3L)),
              lake.read(complete));
        }
      }
      Expression notThere =
          new Expression.Call(
              "lt",
              List.of(
                  new Expression.InputRef(0, SqlType.BIGINT),
                  new Expression.Literal(50L, SqlType.BIGINT)),
              SqlType.BOOLEAN);
      try (TableScan scan = lake.current("t").scan(new ScanRequest(List.of("a"), notThere))) {
        assertEquals(List.of(row(1L), row(2L)), lake.read(scan));
      }
    }
  }

  /** The first row keeps an older identity; the second has none of its own, as if it were new. */
  private static void appendWithIdentity(Lake lake, Path file) throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM (VALUES (100::BIGINT, 1::BIGINT, 77::BIGINT, 1::BIGINT),"
              + " (101, 2, NULL, NULL)) v(a, b, _row_id, _last_updated_sequence_number)) TO '"
              + file
              + "' (FORMAT parquet, FIELD_IDS {a: 1, b: 2, _row_id: 2147483540,"
              + " _last_updated_sequence_number: 2147483539})");
    }
    Table table = ScanTest.iceberg(lake, "t");
    table
        .newAppend()
        .appendFile(
            DataFiles.builder(table.spec())
                .withPath(file.toString())
                .withFileSizeInBytes(Files.size(file))
                .withRecordCount(2)
                .withFormat(FileFormat.PARQUET)
                .build())
        .commit();
  }
}
