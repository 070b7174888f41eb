package io.sluice.sqltests;

import io.sluice.connectors.iceberg.EmbeddedLake;
import io.sluice.connectors.iceberg.IcebergCatalog;
import io.sluice.connectors.iceberg.scan.IcebergTable;
import io.sluice.engine.connector.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.DVFileWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFileFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Statements over a table of which another program has deleted rows by deletion vectors, beside one
 * that never had them.
 */
class DeletedRowsTest {
  private static final String ASOF =
      "SELECT l.id, r.v FROM l LEFT ASOF JOIN %s r MATCH_CONDITION (r.ts <= l.ts) ON r.k = l.k";

  @ParameterizedTest
  @EnumSource(names = {"DEFAULT", "BATCH3", "WORKERS8"})
  void statementsDoNotSeeThem(Mode mode, @TempDir Path folder) throws Exception {
    Path lake = folder.resolve("lake");
    run(
        mode,
        folder,
        lake,
        """
        statement ok
        CREATE TABLE digits (d INTEGER)

        statement ok
        INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)

        statement ok
        CREATE VIEW n AS SELECT a.d + 10 * b.d + 100 * c.d AS x FROM digits a, digits b, digits c

        statement ok
        CREATE TABLE f AS SELECT x % 7 AS k, TIMESTAMP '2026-01-01 00:00:00' + x * INTERVAL '1' HOUR AS ts, CAST(x AS DOUBLE) AS v, 'w' || CAST(x % 3 AS VARCHAR) AS w FROM n

        statement ok
        INSERT INTO f SELECT k, ts + INTERVAL '30' MINUTE, v + 0.5, w FROM f

        statement ok
        CREATE TABLE g AS SELECT * FROM f WHERE _pos % 3 <> 1

        statement ok
        CREATE TABLE l AS SELECT x AS id, x % 8 AS k, TIMESTAMP '2026-01-01 00:10:00' + x * INTERVAL '47' MINUTE AS ts FROM n
        """);
    delete(lake);
    run(mode, folder, lake, reads());
    run(mode, folder, lake, changes());
  }

  /** The same rows, and as many. */
  private static String same(String ours, String theirs) {
    return """
        query
        SELECT (SELECT COUNT(*) FROM (%1$s) AS a) = (SELECT COUNT(*) FROM (%2$s) AS b)
        ----
        true

        query
        SELECT COUNT(*) FROM (((%1$s) EXCEPT (%2$s)) UNION ALL ((%2$s) EXCEPT (%1$s))) AS d
        ----
        0

        """
        .formatted(ours, theirs);
  }

  private static String reads() {
    String ordered = "SELECT k, v FROM %s WHERE v < 100 ORDER BY v LIMIT 20";
    return same("SELECT * FROM f", "SELECT * FROM g")
        + same(
            "SELECT w, COUNT(*), SUM(v) FROM f GROUP BY w",
            "SELECT w, COUNT(*), SUM(v) FROM g GROUP BY w")
        + same("SELECT COUNT(*), MIN(ts), MAX(v) FROM f", "SELECT COUNT(*), MIN(ts), MAX(v) FROM g")
        + same(ordered.formatted("f"), ordered.formatted("g"))
        + same(ASOF.formatted("f"), ASOF.formatted("g"))
        + same(
            ASOF.formatted("f") + " WHERE l.id % 5 = 0",
            ASOF.formatted("g") + " WHERE l.id % 5 = 0")
        + """
        query
        SELECT COUNT(*) FROM f WHERE _pos % 3 = 1
        ----
        0

        query
        SELECT COUNT(*), COUNT(DISTINCT _row_id) FROM f
        ----
        1334\t1334

        """;
  }

  private static String changes() {
    return """
        statement ok
        UPDATE f SET v = v + 1000 WHERE k = 3

        statement ok
        UPDATE g SET v = v + 1000 WHERE k = 3

        """
        + same("SELECT * FROM f", "SELECT * FROM g")
        + """
        statement ok
        DELETE FROM f WHERE w = 'w1' AND k < 4

        statement ok
        DELETE FROM g WHERE w = 'w1' AND k < 4

        """
        + same("SELECT * FROM f", "SELECT * FROM g")
        + """
        statement ok
        MERGE INTO f USING (SELECT id, k, ts FROM l WHERE id < 50) AS n ON f.ts = n.ts AND f.k = n.k WHEN MATCHED THEN UPDATE SET v = -1 WHEN NOT MATCHED THEN INSERT (k, ts, v, w) VALUES (n.k, n.ts, 0, 'new')

        statement ok
        MERGE INTO g USING (SELECT id, k, ts FROM l WHERE id < 50) AS n ON g.ts = n.ts AND g.k = n.k WHEN MATCHED THEN UPDATE SET v = -1 WHEN NOT MATCHED THEN INSERT (k, ts, v, w) VALUES (n.k, n.ts, 0, 'new')

        """
        + same("SELECT * FROM f", "SELECT * FROM g")
        + """
        statement ok
        OPTIMIZE f

        """
        + same("SELECT * FROM f", "SELECT * FROM g")
        + same(ASOF.formatted("f"), ASOF.formatted("g"));
  }

  /** Every third row of every file. */
  private static void delete(Path lake) throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        IcebergCatalog catalog = EmbeddedLake.open(lake, allocator, EmbeddedLake.CATALOG)) {
      Table table =
          ((IcebergTable) catalog.load(Principal.ANONYMOUS, "main", "f").orElseThrow()).table();
      OutputFileFactory names =
          OutputFileFactory.builderFor(table, 1, 1).format(FileFormat.PUFFIN).build();
      RowDelta delta = table.newRowDelta();
      DVFileWriter writer = new BaseDVFileWriter(names, path -> null);
      try (writer;
          CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
        for (FileScanTask task : tasks) {
          for (long row = 1; row < task.file().recordCount(); row += 3) {
            writer.delete(task.file().location(), row, task.spec(), task.file().partition());
          }
        }
      }
      writer.result().deleteFiles().forEach(delta::addDeletes);
      delta.commit();
    }
  }

  private static void run(Mode mode, Path folder, Path lake, String text) throws Exception {
    Path file = Files.writeString(folder.resolve("statements.slt"), text);
    try (SltRunner runner = new SltRunner(mode, lake)) {
      runner.run(file);
    }
  }
}
