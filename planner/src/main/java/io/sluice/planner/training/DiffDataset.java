package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.training.VerifyDataset.QueriesOver;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Input;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** DIFF: what changed from one version to another, in the inputs and in the result. */
final class DiffDataset {
  static final List<OutputColumn> COLUMNS =
      List.of(
          ResultRows.column("kind", SqlType.VARCHAR),
          ResultRows.column("name", SqlType.VARCHAR),
          ResultRows.column("added", SqlType.BIGINT),
          ResultRows.column("removed", SqlType.BIGINT),
          ResultRows.column("changed", SqlType.BIGINT));

  private final StoredDataset from;
  private final StoredDataset to;
  private final VersionRecord old;
  private final VersionRecord now;
  private final StatementTables tables;
  private final DatasetQueries queries;
  private final ResultRows rows = new ResultRows(COLUMNS);

  DiffDataset(StoredDataset from, StoredDataset to, StatementTables tables, QueriesOver queries) {
    this.from = from;
    this.to = to;
    this.old = RecordJson.read(from.record());
    this.now = RecordJson.read(to.record());
    this.tables = tables;
    this.queries = queries.of(now, tables);
  }

  PhysicalPlan plan() {
    inputs();
    if (!old.definition().key().equals(now.definition().key())) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "the versions have different keys, ("
              + String.join(", ", old.definition().key())
              + ") and ("
              + String.join(", ", now.definition().key())
              + "): their rows cannot be matched");
    }
    splits();
    columns();
    return rows.plan();
  }

  // -------- inputs

  private void inputs() {
    Map<String, Input> before = byPlace(old);
    Map<String, Input> after = byPlace(now);
    Map<String, Input> all = new TreeMap<>(before);
    all.putAll(after);
    all.forEach(
        (place, any) -> {
          Input was = before.get(place);
          Input is = after.get(place);
          if (was == null) {
            rows.add("input", place, is == null ? 0L : is.rows(), 0L, 0L);
          } else if (is == null) {
            rows.add("input", place, 0L, was.rows(), 0L);
          } else {
            input(place, was, is);
          }
        });
  }

  private static Map<String, Input> byPlace(VersionRecord record) {
    Map<String, Input> inputs = new LinkedHashMap<>();
    for (Input input : record.inputs()) {
      String version = input.version().equals("current") ? "" : " " + input.version();
      TableName named = new TableName(input.catalog(), input.schema(), input.table());
      inputs.put(named + version, input);
    }
    return inputs;
  }

  private void input(String place, Input was, Input is) {
    boolean same = was.uuid().equals(is.uuid()) && was.snapshotId() == is.snapshotId();
    boolean copies = was.copy() != null || is.copy() != null;
    if (same) {
      rows.add("input", place, 0L, 0L, 0L);
      return;
    }
    if (copies) {
      List<@Nullable Object> counts = queries.row(byContent(was, is));
      rows.add("input", place, counts.get(0), counts.get(1), 0L);
      return;
    }
    try {
      List<@Nullable Object> counts = queries.row(byRowId(was, is));
      rows.add("input", place, counts.get(0), counts.get(1), counts.get(2));
    } catch (EngineException noRowIds) {
      if (noRowIds.code() != ErrorCode.UNSUPPORTED) {
        throw noRowIds;
      }
      List<@Nullable Object> counts = queries.row(byContent(was, is));
      rows.add("input", place, counts.get(0), counts.get(1), 0L);
    }
  }

  private String state(Input input) {
    TableName name =
        RecordedInputs.storeOf(input, tables)
            .named(input.uuid())
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.UNKNOWN_VERSION,
                        "table " + RecordedInputs.place(input) + " was dropped"));
    return Sql.table(name)
        + (input.snapshotId() < 0 ? "" : " FOR VERSION AS OF " + input.snapshotId());
  }

  private String byRowId(Input was, Input is) {
    String rowsOf = "(SELECT _row_id AS id, _last_updated_sequence_number AS seq FROM %s)";
    return "SELECT COUNT(*) FILTER (WHERE a.id IS NULL), COUNT(*) FILTER (WHERE b.id IS NULL),"
        + " COUNT(*) FILTER (WHERE a.seq <> b.seq) FROM "
        + String.format(rowsOf, state(was))
        + " AS a FULL JOIN "
        + String.format(rowsOf, state(is))
        + " AS b ON a.id = b.id";
  }

  /** For tables whose rows have no identity: rows that one state has more often than the other. */
  private String byContent(Input was, Input is) {
    return "SELECT COALESCE(SUM(GREATEST(COALESCE(b.n, 0) - COALESCE(a.n, 0), 0)), 0),"
        + " COALESCE(SUM(GREATEST(COALESCE(a.n, 0) - COALESCE(b.n, 0), 0)), 0) FROM "
        + counted(was)
        + " AS a FULL JOIN "
        + counted(is)
        + " AS b ON a.h = b.h";
  }

  private String counted(Input input) {
    String state = state(input);
    List<String> columns =
        queries.plan("SELECT * FROM " + state).output().stream().map(OutputColumn::name).toList();
    return "(SELECT content_hash("
        + Sql.names(columns)
        + ") AS h, COUNT(*) AS n FROM "
        + state
        + " GROUP BY 1)";
  }

  // -------- result

  private String joined() {
    List<String> keys =
        now.definition().key().stream()
            .map(key -> "a." + Sql.name(key) + " = b." + Sql.name(key))
            .toList();
    return " FROM "
        + Sql.table(from.dataset())
        + " FOR VERSION AS OF "
        + from.version()
        + " AS a FULL JOIN "
        + Sql.table(to.dataset())
        + " FOR VERSION AS OF "
        + to.version()
        + " AS b ON "
        + String.join(" AND ", keys);
  }

  private String absent(String side) {
    return side + "." + Sql.name(now.definition().key().getFirst()) + " IS NULL";
  }

  private String present() {
    return "NOT (" + absent("a") + ") AND NOT (" + absent("b") + ")";
  }

  private List<Column> common() {
    return now.storedColumns().stream()
        .filter(column -> !now.definition().key().contains(column.name()))
        .filter(
            column ->
                old.storedColumns().stream()
                    .anyMatch(
                        c -> c.name().equals(column.name()) && c.type().equals(column.type())))
        .toList();
  }

  private static String differs(Column column) {
    String name = Sql.name(column.name());
    boolean nested =
        column.type().endsWith("ARRAY")
            || column.type().startsWith("ROW(")
            || column.type().startsWith("MAP(");
    return nested
        ? "content_hash(a." + name + ") <> content_hash(b." + name + ")"
        : "a." + name + " IS DISTINCT FROM b." + name;
  }

  private void splits() {
    String changed =
        common().stream().map(DiffDataset::differs).collect(Collectors.joining(" OR "));
    for (List<@Nullable Object> row :
        queries.rows(
            "SELECT COALESCE(b.\"split\", a.\"split\") AS s, COUNT(*) FILTER (WHERE "
                + absent("a")
                + "), COUNT(*) FILTER (WHERE "
                + absent("b")
                + "), COUNT(*) FILTER (WHERE "
                + present()
                + " AND ("
                + changed
                + "))"
                + joined()
                + " GROUP BY 1 ORDER BY 1")) {
      rows.add("split", row.get(0), row.get(1), row.get(2), row.get(3));
    }
  }

  private void columns() {
    List<Column> common = common();
    String counts =
        common.stream()
            .map(
                column -> ", COUNT(*) FILTER (WHERE " + present() + " AND " + differs(column) + ")")
            .collect(Collectors.joining());
    List<@Nullable Object> row = queries.row("SELECT COUNT(*)" + counts + joined());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < common.size(); i++) {
      names.add(common.get(i).name());
      rows.add("column", common.get(i).name(), 0L, 0L, row.get(i + 1));
    }
    for (Column column : now.storedColumns()) {
      if (!names.contains(column.name()) && !now.definition().key().contains(column.name())) {
        rows.add("column", column.name(), now.rows(), 0L, 0L);
      }
    }
    for (Column column : old.storedColumns()) {
      if (!names.contains(column.name()) && !old.definition().key().contains(column.name())) {
        rows.add("column", column.name(), 0L, old.rows(), 0L);
      }
    }
  }
}
