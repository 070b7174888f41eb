package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.training.VersionRecord.SplitRows;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * VERIFY: makes a version's rows again from the pinned inputs and compares their hashes with those
 * that were written down; checks the stored rows, too. Where there are no pins the stored rows
 * alone are checked.
 */
final class VerifyDataset {
  static final List<OutputColumn> COLUMNS =
      List.of(
          ResultRows.column("split", SqlType.VARCHAR),
          ResultRows.column("rows", SqlType.BIGINT),
          ResultRows.column("expected", SqlType.VARCHAR),
          ResultRows.column("actual", SqlType.VARCHAR),
          ResultRows.column("equal", SqlType.BOOLEAN));

  /** The name of the row for all splits together. */
  static final String TOTAL = "(all)";

  private final StoredDataset version;
  private final VersionRecord record;
  private final StatementTables tables;
  private final QueriesOver queries;

  /** Queries over given tables at a version's instant and in its zone. */
  @FunctionalInterface
  interface QueriesOver {
    DatasetQueries of(VersionRecord record, StatementTables tables);
  }

  VerifyDataset(StoredDataset version, StatementTables tables, QueriesOver queries) {
    this.version = version;
    this.record = RecordJson.read(version.record());
    this.tables = tables;
    this.queries = queries;
  }

  /** One line of the result. */
  record Line(String split, long rows, String expected, String actual, boolean equal) {}

  PhysicalPlan plan() {
    ResultRows rows = new ResultRows(COLUMNS);
    lines().forEach(l -> rows.add(l.split(), l.rows(), l.expected(), l.actual(), l.equal()));
    return rows.plan();
  }

  boolean equal() {
    return lines().stream().allMatch(Line::equal);
  }

  List<Line> lines() {
    ReadRows read = null;
    if (record.pinning() == Pinning.TAGGED) {
      read =
          ReadRows.hashes(
              record,
              queries.of(record, RecordedInputs.tables(record, tables)),
              DatasetSql.of(record).unordered());
    }
    Relation.Table rows = version.rows();
    if (rows != null) {
      ReadRows stored =
          ReadRows.hashes(
              record,
              queries.of(record, DatasetReading.over(rows, tables)),
              DatasetSql.copy(record, rows.name()));
      // what differs is shown, wherever it lies
      read = read == null || read.hash().equals(record.hash()) ? stored : read;
    }
    if (read == null) {
      throw new EngineException(
          ErrorCode.UNKNOWN_VERSION,
          "version "
              + record.version()
              + " of "
              + version.dataset()
              + " has neither rows nor pins any more: there is nothing to verify");
    }
    return compare(read);
  }

  private List<Line> compare(ReadRows read) {
    Map<String, SplitRows> expected = bySplit(record.splits());
    Map<String, SplitRows> actual = bySplit(read.splits());
    Set<String> splits = new LinkedHashSet<>(expected.keySet());
    splits.addAll(actual.keySet());
    List<Line> lines = new ArrayList<>();
    for (String split : splits) {
      lines.add(line(split, expected.get(split), actual.get(split)));
    }
    long rows = read.splits().stream().mapToLong(SplitRows::rows).sum();
    lines.add(new Line(TOTAL, rows, record.hash(), read.hash(), record.hash().equals(read.hash())));
    return lines;
  }

  private static Line line(String split, @Nullable SplitRows expected, @Nullable SplitRows actual) {
    String was = expected == null ? "" : expected.hash();
    String is = actual == null ? "" : actual.hash();
    return new Line(split, actual == null ? 0 : actual.rows(), was, is, was.equals(is));
  }

  private static Map<String, SplitRows> bySplit(List<SplitRows> splits) {
    Map<String, SplitRows> map = new LinkedHashMap<>();
    splits.forEach(split -> map.put(split.split(), split));
    return map;
  }
}
