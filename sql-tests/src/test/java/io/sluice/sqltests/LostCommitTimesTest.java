package io.sluice.sqltests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users see where snapshots have gone before anyone here knew when they were committed. */
class LostCommitTimesTest {
  @Test
  void rowsCountAsLaterAndDatasetsSaySo(@TempDir Path folder) throws Exception {
    Path lake = folder.resolve("lake");
    run(
        folder,
        lake,
        """
        statement ok
        CREATE TABLE t (e BIGINT, v DOUBLE)

        statement ok
        INSERT INTO t VALUES (1, 1), (2, 1)

        statement ok
        INSERT INTO t VALUES (3, 1)

        statement ok
        INSERT INTO t VALUES (4, 1)

        statement ok
        EXPIRE SNAPSHOTS t OLDER THAN TIMESTAMP '2999-01-01 00:00:00' RETAIN LAST 2
        """);
    try (Stream<Path> files = Files.list(lake)) {
      List<Path> known =
          files.filter(file -> file.getFileName().toString().startsWith("commits.db")).toList();
      for (Path file : known) {
        Files.delete(file);
      }
    }
    run(
        folder,
        lake,
        """
        query
        SELECT COUNT(*), COUNT(DISTINCT _committed_at), COUNT(_snapshot_id) FROM t
        ----
        4\t2\t2

        query
        SELECT MIN(_committed_at) = (SELECT MIN(committed_at) FROM t$snapshots) FROM t
        ----
        true

        statement ok
        CREATE TABLE labels (id BIGINT NOT NULL, e BIGINT, at TIMESTAMP WITH TIME ZONE)

        statement ok
        INSERT INTO labels VALUES (1, 1, TIMESTAMP WITH TIME ZONE '2999-01-01 00:00:00Z')

        statement ok
        CREATE TRAINING DATASET d KEY (id) OBSERVED AT at AS SELECT l.*, t.v FROM labels l LEFT ASOF JOIN t MATCH_CONDITION (t._committed_at <= l.at) ON t.e = l.e

        query
        SELECT warnings FROM system.training_datasets
        ----
        [2 rows of main.t are older than the oldest commit of it that is known, and count as committed with that one]
        """);
  }

  private static void run(Path folder, Path lake, String text) throws Exception {
    Path file = Files.writeString(folder.resolve("statements.slt"), text);
    try (SltRunner runner = new SltRunner(Mode.DEFAULT, lake)) {
      runner.run(file);
    }
  }
}
