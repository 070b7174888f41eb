package io.sluice.sqltests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A result is the same bits for any number of workers, batch size, file order and SIMD form: floats
 * are compared as the shortest text that reads back to the same bits.
 */
class DeterminismTest {
  private static final long SEED = 20_261_124;
  private static final int FILES = 6;
  private static final List<String> QUERIES =
      List.of(
          "SELECT SUM(d), AVG(d), VAR_POP(d), VAR_SAMP(d), STDDEV_POP(d), STDDEV_SAMP(d) FROM %s",
          "SELECT SUM(r), AVG(r), VAR_POP(r), STDDEV_SAMP(r) FROM %s",
          "SELECT g, SUM(d), AVG(d), VAR_SAMP(d), SUM(r), MIN(d), MAX(d) FROM %s GROUP BY g ORDER BY g",
          "SELECT COLUMN_PROFILE(d), COLUMN_PROFILE(r), COLUMN_PROFILE(id), COLUMN_PROFILE(g),"
              + " COLUMN_PROFILE('k' || id), COLUMN_PROFILE(CAST(id AS DECIMAL(38, 9))) FROM %s",
          "SELECT g, COLUMN_PROFILE(d), COLUMN_PROFILE(id) FROM %s GROUP BY g ORDER BY g",
          "SELECT SUM(d * r - g), AVG(d / (g + 1)) FROM %s WHERE d > 0",
          "SELECT h, SUM(d) FROM (SELECT g %% 7 AS h, d FROM %s) AS t GROUP BY h ORDER BY h",
          "SELECT a.g, SUM(a.d * b.r) FROM %1$s a JOIN %1$s b ON a.id = b.id GROUP BY a.g ORDER BY 1");

  @Test
  void sameBits(@TempDir Path folder) throws Exception {
    System.out.println("seed " + SEED);
    try (DuckDbJudge writer = new DuckDbJudge()) {
      for (int i = 0; i < FILES; i++) {
        writer.execute(
            "COPY (SELECT id, (hash(id) %% 50)::INTEGER AS g,".replace("%%", "%")
                + " (CASE WHEN id % 3 = 0 THEN 1e16 WHEN id % 3 = 1 THEN -1e16 ELSE 1 END)"
                + " * ((hash(id * 31) % 1000003) / 1000003.0)::DOUBLE AS d,"
                + " (((hash(id * 17) % 65537) / 7.0)::FLOAT) AS r"
                + " FROM (SELECT range AS id FROM range("
                + (i * 3000)
                + ", "
                + (i * 3000 + 3000)
                + "))) TO '"
                + folder.resolve("part" + i + ".parquet")
                + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
      }
    }
    List<List<String>> first = null;
    Random random = new Random(SEED);
    for (Mode mode : Mode.values()) {
      Path shuffled = Files.createDirectory(folder.resolve("files-" + mode));
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      for (int i = 0; i < FILES; i++) {
        Files.copy(
            folder.resolve("part" + order.get(i) + ".parquet"), shuffled.resolve(i + ".parquet"));
      }
      List<List<String>> answers = answers(mode, folder.resolve("lake-" + mode), shuffled);
      if (first == null) {
        first = answers;
      }
      assertEquals(first, answers, "mode " + mode + ", files in order " + order);
    }
  }

  private static List<List<String>> answers(Mode mode, Path lake, Path files) throws Exception {
    try (SltRunner runner = new SltRunner(mode, lake)) {
      runner.execute("CALL register_parquet('main.t', '" + files + "/*.parquet')");
      List<List<String>> answers = new ArrayList<>();
      for (String query : QUERIES) {
        answers.add(runner.execute(String.format(query, "t")));
      }
      return answers;
    }
  }
}
