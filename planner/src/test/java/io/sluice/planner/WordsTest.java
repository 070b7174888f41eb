package io.sluice.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.planner.testing.TestPipeline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Unquoted words as names of columns, aliases and tables. */
class WordsTest {
  private static final List<String> OWN =
      List.of(
          ("year month day hour minute second date time timestamp value user rank position result"
                  + " count label split version start end training dataset online asof key event"
                  + " ingestion comment schema catalog match_condition system_time")
              .split(" "));

  /** Every keyword that DuckDB 2.0.0 takes as a column's name without quotes, and our own. */
  private static TreeSet<String> words() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(WordsTest.class.getResourceAsStream("/duckdb-column-names.txt"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      TreeSet<String> words = new TreeSet<>(text.lines().toList());
      words.addAll(OWN);
      return words;
    }
  }

  @Test
  void areSelectedGroupedAliasedAndOrderedUnquoted() throws IOException {
    List<String> wrong = new ArrayList<>();
    try (TestPipeline pipeline = new TestPipeline()) {
      for (String word : words()) {
        String sql =
            "SELECT %1$s, t.%1$s AS own, %1$s + 1 AS x, count(*) AS n"
                + " FROM (SELECT 5 AS %1$s, 1 AS other) t WHERE %1$s > 0 AND t.%1$s < 9"
                + " GROUP BY %1$s ORDER BY %1$s";
        try {
          List<List<@Nullable Object>> rows = pipeline.run(sql.formatted(word));
          if (!rows.equals(List.of(List.of(5L, 5L, 6L, 1L)))) {
            wrong.add(word + " gave " + rows);
          }
        } catch (RuntimeException failure) {
          wrong.add(word + ": " + failure.getMessage());
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void areColumnsOfTables() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String word : words()) {
      try (TestPipeline pipeline = new TestPipeline()) {
        pipeline.run("CREATE TABLE words (a INTEGER, %1$s BIGINT, b VARCHAR)".formatted(word));
        pipeline.plan("SELECT a, %1$s, b FROM words WHERE %1$s = 1".formatted(word));
        pipeline.plan("SELECT w.%1$s FROM words w JOIN words v USING (%1$s)".formatted(word));
      } catch (RuntimeException failure) {
        wrong.add(word + ": " + failure.getMessage());
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void stayKeywordsWhereTheyAreMeantSo() {
    try (TestPipeline pipeline = new TestPipeline()) {
      assertEquals(
          List.of(List.of(true, true, false, true)),
          pipeline.run(
              "SELECT x BETWEEN 1 AND 3, 'abc' LIKE 'a%', x NOT BETWEEN 1 AND 3, x IS NOT NULL"
                  + " FROM (VALUES (2)) t(x)"));
      assertEquals(
          List.of(List.of("b", 2020L)),
          pipeline.run(
              "SELECT CASE WHEN 1 = 2 THEN 'a' ELSE 'b' END, EXTRACT(YEAR FROM DATE '2020-05-06')"));
      assertEquals(
          List.of(List.of(18262L, 18263L)),
          pipeline.run("SELECT CAST('2020-01-01' AS DATE), DATE '2020-01-01' + INTERVAL '1' DAY"));
    }
  }
}
