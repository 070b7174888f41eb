package io.sluice.planner.training;

import io.sluice.planner.training.VersionRecord.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a version as numbers, for statistics: all of them, or a reproducible sample of at most
 * {@link #CELLS} cells. Texts are numbered; NULL and NaN are NaN.
 *
 * @param rows how many
 * @param splits the number of each row's split, in the order of the definition
 * @param keys of the rows, as text
 */
record AuditSample(int rows, int[] splits, List<String> keys, Map<String, Values> columns) {
  static final int CELLS = 4_000_000;
  private static final int ROWS = 100_000;
  private static final int SEED = 17;

  /**
   * One column.
   *
   * @param text whether the numbers only name texts
   */
  record Values(double[] numbers, boolean text) {}

  Optional<Values> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }

  /**
   * Reads the rows in random order.
   *
   * @param from a query that gives the stored columns
   */
  static AuditSample read(VersionRecord record, DatasetQueries queries, String from) {
    List<Column> read = record.columns().stream().filter(AuditSample::isNumberOrText).toList();
    int width = read.size() + 2;
    long limit = Math.min(ROWS, CELLS / width);
    String key = Sql.names(record.definition().key());
    String part =
        record.rows() <= limit
            ? ""
            : " WHERE sample_hash("
                + SEED
                + ", "
                + key
                + ") < "
                + Sql.number((double) limit / record.rows());
    List<String> items = new ArrayList<>(List.of("\"split\"", keyText(record)));
    read.forEach(column -> items.add(Sql.name(column.name())));
    String sql =
        "SELECT "
            + String.join(", ", items)
            + " FROM ("
            + from
            + "\n) AS \"$rows\""
            + part
            + " ORDER BY sample_order("
            + SEED
            + ", "
            + key
            + "), "
            + key;
    return new Reader(record, read, (int) Math.min(record.rows(), limit + limit / 4 + 100))
        .read(queries, sql);
  }

  private static String keyText(VersionRecord record) {
    return String.join(
        " || ', ' || ",
        record.definition().key().stream()
            .map(k -> Sql.text(k + " = ") + " || CAST(" + Sql.name(k) + " AS VARCHAR)")
            .toList());
  }

  private static boolean isNumberOrText(Column column) {
    String type = column.type();
    return !column.name().equals(DatasetSql.SPLIT)
        && (type.matches("(TINYINT|SMALLINT|INTEGER|BIGINT|REAL|DOUBLE|BOOLEAN|DATE|DECIMAL.*)")
            || type.startsWith("TIMESTAMP")
            || type.startsWith("VARCHAR"));
  }

  /** Turns cells into numbers. */
  private static final class Reader {
    private final List<Column> read;
    private final List<String> splitNames;
    private final Map<String, Integer> texts = new HashMap<>();
    private final double[][] numbers;
    private final int[] splits;
    private final List<String> keys = new ArrayList<>();
    private int count;

    Reader(VersionRecord record, List<Column> read, int capacity) {
      this.read = read;
      this.splitNames = splitNames(record);
      this.numbers = new double[read.size()][capacity];
      this.splits = new int[capacity];
    }

    AuditSample read(DatasetQueries queries, String sql) {
      queries.each(
          sql,
          batch -> {
            try (batch) {
              for (int i = 0; i < batch.rowCount() && count < splits.length; i++) {
                add(DatasetQueries.row(batch, i));
              }
            }
          });
      Map<String, Values> columns = new HashMap<>();
      for (int c = 0; c < read.size(); c++) {
        boolean text = read.get(c).type().startsWith("VARCHAR");
        columns.put(read.get(c).name(), new Values(Arrays.copyOf(numbers[c], count), text));
      }
      return new AuditSample(count, Arrays.copyOf(splits, count), keys, columns);
    }

    private void add(List<@Nullable Object> row) {
      splits[count] = Math.max(0, splitNames.indexOf(String.valueOf(row.get(0))));
      keys.add(String.valueOf(row.get(1)));
      for (int c = 0; c < read.size(); c++) {
        numbers[c][count] = number(row.get(c + 2));
      }
      count++;
    }

    private double number(@Nullable Object cell) {
      return switch (cell) {
        case null -> Double.NaN;
        case Number number -> number.doubleValue();
        case Boolean bool -> bool ? 1 : 0;
        case String text -> texts.computeIfAbsent(text, t -> texts.size());
        default -> Double.NaN;
      };
    }
  }

  /** Splits with rows, in the order of the definition. */
  static List<String> splitNames(VersionRecord record) {
    return record.splits().stream().map(VersionRecord.SplitRows::split).toList();
  }
}
