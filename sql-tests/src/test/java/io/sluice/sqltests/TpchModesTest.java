package io.sluice.sqltests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The 22 queries of TPC-H at scale factor 0.01 in every mode: the answers are DuckDB's over the
 * same Parquet files, and the same text, bit for bit, in all modes.
 */
class TpchModesTest {
  private static final double SCALE = 0.01;
  private static final double TOLERANCE = 1e-9;

  /** DuckDB's types of the columns, in the order of the generator's lines. */
  private static final Map<String, String> COLUMNS =
      Map.of(
          "region", "r_regionkey BIGINT, r_name VARCHAR, r_comment VARCHAR",
          "nation", "n_nationkey BIGINT, n_name VARCHAR, n_regionkey BIGINT, n_comment VARCHAR",
          "supplier",
              "s_suppkey BIGINT, s_name VARCHAR, s_address VARCHAR, s_nationkey BIGINT,"
                  + " s_phone VARCHAR, s_acctbal DECIMAL(15, 2), s_comment VARCHAR",
          "customer",
              "c_custkey BIGINT, c_name VARCHAR, c_address VARCHAR, c_nationkey BIGINT,"
                  + " c_phone VARCHAR, c_acctbal DECIMAL(15, 2), c_mktsegment VARCHAR,"
                  + " c_comment VARCHAR",
          "part",
              "p_partkey BIGINT, p_name VARCHAR, p_mfgr VARCHAR, p_brand VARCHAR, p_type VARCHAR,"
                  + " p_size INTEGER, p_container VARCHAR, p_retailprice DECIMAL(15, 2),"
                  + " p_comment VARCHAR",
          "partsupp",
              "ps_partkey BIGINT, ps_suppkey BIGINT, ps_availqty INTEGER,"
                  + " ps_supplycost DECIMAL(15, 2), ps_comment VARCHAR",
          "orders",
              "o_orderkey BIGINT, o_custkey BIGINT, o_orderstatus VARCHAR,"
                  + " o_totalprice DECIMAL(15, 2), o_orderdate DATE, o_orderpriority VARCHAR,"
                  + " o_clerk VARCHAR, o_shippriority INTEGER, o_comment VARCHAR",
          "lineitem",
              "l_orderkey BIGINT, l_partkey BIGINT, l_suppkey BIGINT, l_linenumber INTEGER,"
                  + " l_quantity DECIMAL(15, 2), l_extendedprice DECIMAL(15, 2),"
                  + " l_discount DECIMAL(15, 2), l_tax DECIMAL(15, 2), l_returnflag VARCHAR,"
                  + " l_linestatus VARCHAR, l_shipdate DATE, l_commitdate DATE,"
                  + " l_receiptdate DATE, l_shipinstruct VARCHAR, l_shipmode VARCHAR,"
                  + " l_comment VARCHAR");

  private record Query(String name, String sql, List<String> expected) {}

  @Test
  void sameAnswers(@TempDir Path folder) throws Exception {
    List<Query> queries = queries(folder);
    assertEquals(22, queries.size());
    List<List<String>> first = answers(Mode.DEFAULT, folder, queries);
    for (int i = 0; i < queries.size(); i++) {
      compare(queries.get(i).name(), queries.get(i).expected(), first.get(i));
    }
    for (Mode mode : Mode.values()) {
      if (mode != Mode.DEFAULT) {
        List<List<String>> answers = answers(mode, folder, queries);
        for (int i = 0; i < queries.size(); i++) {
          assertEquals(first.get(i), answers.get(i), queries.get(i).name() + " in mode " + mode);
        }
      }
    }
  }

  /** Makes the tables' files; the queries come with DuckDB's answers over them. */
  private static List<Query> queries(Path folder) throws Exception {
    try (DuckDbJudge judge = new DuckDbJudge();
        Stream<Path> files = Files.list(Path.of("src/test/resources/tpch"))) {
      for (TpchTable<?> table : TpchTable.getTables()) {
        write(table, folder, judge);
      }
      List<Query> queries = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String sql = Files.readString(file);
        queries.add(new Query(file.getFileName().toString(), sql, judge.query(sql)));
      }
      return queries;
    }
  }

  private static List<List<String>> answers(Mode mode, Path folder, List<Query> queries)
      throws Exception {
    try (SltRunner runner = new SltRunner(mode, folder.resolve("lake-" + mode))) {
      for (String table : COLUMNS.keySet()) {
        runner.execute(
            "CALL register_parquet('main." + table + "', '" + folder + "/" + table + ".parquet')");
      }
      return queries.stream().map(query -> runner.execute(query.sql())).toList();
    }
  }

  /** Writes a table as Parquet, in row groups small enough that every worker gets some. */
  private static void write(TpchTable<?> table, Path folder, DuckDbJudge judge) throws Exception {
    String name = table.getTableName();
    Path lines = folder.resolve(name + ".tbl");
    try (BufferedWriter out = Files.newBufferedWriter(lines)) {
      for (TpchEntity row : table.createGenerator(SCALE, 1, 1)) {
        String line = row.toLine();
        // each line ends with a bar
        out.write(line, 0, line.length() - 1);
        out.write('\n');
      }
    }
    judge.execute("CREATE TABLE " + name + " (" + COLUMNS.get(name) + ")");
    judge.execute("COPY " + name + " FROM '" + lines + "' (DELIMITER '|', HEADER false)");
    judge.execute(
        "COPY %1$s TO '%2$s/%1$s.parquet' (FORMAT parquet, ROW_GROUP_SIZE 8192)"
            .formatted(name, folder));
  }

  private static void compare(String where, List<String> expected, List<String> actual) {
    assertEquals(expected.size(), actual.size(), where);
    for (int row = 0; row < expected.size(); row++) {
      List<String> theirs = cells(expected.get(row));
      List<String> ours = cells(actual.get(row));
      assertEquals(theirs.size(), ours.size(), where);
      for (int column = 0; column < theirs.size(); column++) {
        String cell = where + ", row " + row + ", column " + column;
        assertTrue(
            same(theirs.get(column), ours.get(column)),
            () -> cell + ": " + actual + " instead of " + expected);
      }
    }
  }

  private static List<String> cells(String line) {
    return List.of(line.split("\t", -1));
  }

  /** Text for text, numbers up to the last digits of a double. */
  private static boolean same(String theirs, String ours) {
    if (theirs.equals(ours)) {
      return true;
    }
    try {
      double expected = new BigDecimal(theirs).doubleValue();
      double actual = new BigDecimal(ours).doubleValue();
      return Math.abs(expected - actual) <= TOLERANCE * Math.max(1, Math.abs(expected));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
