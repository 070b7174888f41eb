package io.sluice.planner.training;

import io.sluice.planner.parse.TrainingStatement.SplitKind;
import io.sluice.planner.training.AuditSample.Values;
import io.sluice.planner.training.Finding.Severity;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What stands in more than one split: entities, and rows that are equal but for their key. */
final class SplitAudit {
  /** Hashes that one query holds at a time. */
  private static final long GROUPS = 2_000_000;

  private static final int SEED = 17;

  /** Fewer values than this name a kind of thing and not a thing. */
  private static final int LEAST_ENTITIES = 100;

  /** Copies are reported where there are this many times as many as by chance. */
  private static final double ABOVE_CHANCE = 10;

  private final VersionRecord record;
  private final DatasetQueries queries;
  private final String from;

  /**
   * @param from a query that gives the stored columns
   */
  SplitAudit(VersionRecord record, DatasetQueries queries, String from) {
    this.record = record;
    this.queries = queries;
    this.from = " FROM (" + from + "\n) AS \"$rows\"";
  }

  private static long count(@Nullable Object cell) {
    return cell == null ? 0 : ((Number) cell).longValue();
  }

  /** Entities are checked where rows are dealt out by a hash: a split by time may share them. */
  Optional<Finding> entities(List<String> columns) {
    DatasetDefinition.Split split = record.definition().split();
    boolean hashed =
        split != null
            && (split.kind() == SplitKind.HASH
                || split.kind() == SplitKind.RANDOM
                || split.kind() == SplitKind.STRATIFIED);
    if (!hashed || columns.isEmpty() || record.splits().size() < 2) {
      return Optional.empty();
    }
    String names = Sql.names(columns);
    String known =
        columns.stream()
            .map(c -> Sql.name(c) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    String grouped =
        "SELECT "
            + names
            + ", COUNT(*) AS \"$n\", MIN(\"split\") AS \"$a\", MAX(\"split\") AS \"$b\""
            + from
            + " WHERE "
            + known
            + " GROUP BY "
            + names;
    String shared = "CASE WHEN \"$a\" < \"$b\" THEN ";
    List<@Nullable Object> row =
        queries.row(
            "SELECT COUNT(*), SUM("
                + shared
                + "1 END), SUM("
                + shared
                + "\"$n\" END), MIN("
                + shared
                + text(columns)
                + " END) FROM ("
                + grouped
                + ") AS \"$g\"");
    long entities = count(row.get(0));
    long both = count(row.get(1));
    if (both == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            "entity in several splits",
            String.join(", ", columns),
            entities < LEAST_ENTITIES ? Severity.INFO : Severity.WARNING,
            count(row.get(2)),
            both
                + " of "
                + entities
                + " stand in more than one split, such as "
                + row.get(3)
                + "; SPLIT BY HASH ("
                + String.join(", ", columns)
                + ") keeps each in one"));
  }

  private static String text(List<String> columns) {
    return columns.stream()
        .map(c -> Sql.text(c + " = ") + " || CAST(" + Sql.name(c) + " AS VARCHAR)")
        .collect(Collectors.joining(" || ', ' || "));
  }

  /** Rows that are equal in all columns but KEY and stand in several splits. */
  Optional<Finding> duplicates(AuditSample sample) {
    List<String> columns =
        record.columns().stream()
            .map(VersionRecord.Column::name)
            .filter(name -> !record.definition().key().contains(name))
            .filter(name -> !name.equals(DatasetSql.SPLIT))
            .toList();
    if (columns.isEmpty() || record.splits().size() < 2) {
      return Optional.empty();
    }
    int passes = Math.toIntExact(record.rows() / GROUPS + 1);
    long groups = 0;
    long rows = 0;
    double pairs = 0;
    String example = null;
    for (int pass = 0; pass < passes; pass++) {
      List<@Nullable Object> row = queries.row(copies(columns, pass, passes));
      groups += count(row.get(0));
      rows += count(row.get(1));
      Object found = row.get(2);
      pairs += found == null ? 0 : ((Number) found).doubleValue();
      example = example == null ? (String) row.get(3) : example;
    }
    if (groups == 0 || pairs < ABOVE_CHANCE * chance(sample, columns)) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            "duplicate rows across splits",
            String.join(", ", columns),
            Severity.WARNING,
            rows,
            groups
                + " rows stand in more than one split with another key, such as "
                + Objects.requireNonNullElse(example, "")));
  }

  private String copies(List<String> columns, int pass, int passes) {
    String names = Sql.names(columns);
    String unit = "sample_hash(" + SEED + ", " + names + ")";
    String part =
        passes == 1
            ? ""
            : " WHERE "
                + unit
                + " >= "
                + Sql.number((double) pass / passes)
                + " AND "
                + unit
                + " < "
                + Sql.number((pass + 1.0) / passes);
    String hashed =
        "SELECT content_hash("
            + names
            + ") AS \"$h\", \"split\", "
            + text(record.definition().key())
            + " AS \"$k\""
            + from
            + part;
    return "SELECT COUNT(*), SUM(\"$n\"), SUM(CAST(\"$n\" AS DOUBLE) * (\"$n\" - 1) / 2), MIN(\"$k\")"
        + " FROM (SELECT \"$h\", COUNT(*) AS \"$n\", MIN(\"$k\") AS \"$k\" FROM ("
        + hashed
        + ") AS \"$r\" GROUP BY \"$h\" HAVING MIN(\"split\") < MAX(\"split\")) AS \"$g\"";
  }

  /** Pairs of equal rows to expect where columns have nothing to do with each other. */
  private double chance(AuditSample sample, List<String> columns) {
    double same = 1;
    for (String column : columns) {
      Optional<Values> values = sample.column(column);
      if (values.isPresent()) {
        same *= same(values.get().numbers());
      }
    }
    double n = record.rows();
    return same * n * (n - 1) / 2;
  }

  /** The chance that two rows have the same value. */
  private static double same(double[] numbers) {
    Map<Double, Long> counts = new HashMap<>();
    Arrays.stream(numbers).forEach(value -> counts.merge(value, 1L, Long::sum));
    double pairs = 0;
    for (long count : counts.values()) {
      pairs += (double) count * (count - 1);
    }
    double n = numbers.length;
    return n < 2 ? 1 : pairs / (n * (n - 1));
  }

  static Set<String> features(VersionRecord record) {
    DatasetDefinition definition = record.definition();
    Set<String> names = new java.util.LinkedHashSet<>();
    record.columns().forEach(column -> names.add(column.name()));
    names.remove(DatasetSql.SPLIT);
    definition.key().forEach(names::remove);
    names.remove(String.valueOf(definition.observedAt()));
    definition.labels().forEach(label -> names.remove(label.column()));
    return names;
  }
}
