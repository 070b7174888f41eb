package io.sluice.sqltests;

import io.sluice.engine.type.SqlType;
import io.sluice.sqltests.OracleTable.Column;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Random tables, several commits of each with rows that arrive late, NULLs and ties; one query over
 * them, and its answer by the definition.
 */
final class OracleCase {
  private static final List<SqlType> KEY_TYPES =
      List.of(
          SqlType.BIGINT,
          SqlType.INTEGER,
          SqlType.SMALLINT,
          SqlType.VARCHAR,
          SqlType.DATE,
          SqlType.BOOLEAN,
          SqlType.DOUBLE,
          new SqlType.Decimal(12, 3));
  private static final List<SqlType> PAYLOAD_TYPES =
      List.of(
          SqlType.BIGINT,
          SqlType.VARCHAR,
          SqlType.DOUBLE,
          SqlType.DATE,
          SqlType.TIMESTAMP,
          SqlType.BOOLEAN,
          new SqlType.Decimal(20, 5));
  private static final DateTimeFormatter STAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();
  private static final long SECOND_MICROS = 1_000_000;

  private final long seed;
  private final Random random;
  private final Function<String, List<String>> engine;
  private final long start = Instant.now().getEpochSecond() * SECOND_MICROS;
  private final List<SqlType> keyTypes = new ArrayList<>();
  private final List<OracleJoin> joins = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private OracleTable labels = new OracleTable("", List.of());
  private int picks;
  private int matches;

  /**
   * Creates the tables.
   *
   * @param engine executes a statement and gives its rows as texts
   */
  OracleCase(long seed, Function<String, List<String>> engine) {
    this.seed = seed;
    this.random = new Random(seed);
    this.engine = engine;
    create();
  }

  private List<String> execute(String sql) {
    log.add(sql);
    return engine.apply(sql);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private void create() {
    int keys = pick(List.of(0, 1, 1, 1, 2, 2, 3));
    for (int k = 0; k < keys; k++) {
      keyTypes.add(pick(KEY_TYPES));
    }
    boolean zoned = random.nextInt(3) > 0;
    List<OracleTable> features = new ArrayList<>();
    List<Integer> versions = new ArrayList<>();
    List<Boolean> declared = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int f = 0; f < count; f++) {
      int version = random.nextInt(8) == 0 ? 1 : random.nextBoolean() ? 2 : 3;
      boolean ingestion = random.nextInt(4) == 0;
      OracleTable table = features("f" + seed + "_" + f, version, zoned);
      execute(table.create(ingestion ? ", INGESTION TIME (came)" : "", version));
      int commits = 1 + random.nextInt(4);
      for (int c = 0; c < commits; c++) {
        execute(table.insert(rows(table, random.nextInt(60), 0)));
        if (version == 3) {
          change(table);
        }
      }
      features.add(table);
      versions.add(version);
      declared.add(ingestion);
    }
    labels = labels(zoned);
    execute(labels.create("", 3));
    for (int c = 1 + random.nextInt(2); c > 0; c--) {
      execute(labels.insert(rows(labels, random.nextInt(40), 1)));
    }
    for (int f = 0; f < count; f++) {
      boolean known = versions.get(f) > 1 || declared.get(f);
      OracleTable table = features.get(f);
      OracleJoin join =
          new OracleJoin(
              random,
              labels,
              table,
              keyNames(),
              "f" + f,
              known ? arrivals(table, declared.get(f)) : null,
              places(table, versions.get(f)));
      execute(join.view());
      joins.add(join);
    }
  }

  /** Rewrites files, whose other rows keep their identity. */
  private void change(OracleTable table) {
    int divisor = 2 + random.nextInt(4);
    int remainder =
        (int) ((Long) Objects.requireNonNull(table.cell(table.rows.getLast(), "rid")) % divisor);
    switch (random.nextInt(5)) {
      case 0, 1 -> execute(table.update("rid", divisor, remainder));
      case 2 -> execute(table.delete("rid", divisor, remainder));
      default -> {}
    }
  }

  private List<String> keyNames() {
    List<String> names = new ArrayList<>();
    for (int k = 0; k < keyTypes.size(); k++) {
      names.add("k" + k);
    }
    return names;
  }

  private OracleTable features(String name, int version, boolean zoned) {
    List<Column> columns = new ArrayList<>();
    for (int k = 0; k < keyTypes.size(); k++) {
      columns.add(new Column("k" + k, keyTypes.get(k)));
    }
    int precision = version == 3 && random.nextInt(4) == 0 ? 9 : 6;
    columns.add(new Column("ts", new SqlType.Timestamp(precision, zoned)));
    columns.add(new Column("came", SqlType.TIMESTAMP_TZ));
    columns.add(new Column("n", SqlType.BIGINT));
    columns.add(new Column("never", SqlType.BIGINT));
    columns.add(new Column("rid", SqlType.BIGINT));
    for (int p = random.nextInt(4); p > 0; p--) {
      columns.add(new Column("p" + p, pick(PAYLOAD_TYPES)));
    }
    Collections.shuffle(columns, random);
    return new OracleTable(name, columns);
  }

  private OracleTable labels(boolean zoned) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("id", SqlType.BIGINT));
    for (int k = 0; k < keyTypes.size(); k++) {
      boolean wider = keyTypes.get(k).equals(SqlType.INTEGER) && random.nextInt(4) == 0;
      columns.add(new Column("k" + k, wider ? SqlType.BIGINT : keyTypes.get(k)));
    }
    columns.add(new Column("ts", new SqlType.Timestamp(6, zoned)));
    columns.add(new Column("seen", SqlType.TIMESTAMP_TZ));
    columns.add(new Column("n", SqlType.BIGINT));
    Collections.shuffle(columns, random);
    return new OracleTable("l" + seed, columns);
  }

  /**
   * @param later seconds by which instants lie later than those of features
   */
  private List<List<@Nullable Object>> rows(OracleTable table, int count, int later) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    int distinct = 1 + random.nextInt(3);
    int spread = 1 + random.nextInt(10);
    long commit = Instant.now().truncatedTo(ChronoUnit.MILLIS).toEpochMilli() * 1000;
    for (int i = 0; i <= count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      long instant = start + (random.nextInt(spread) - spread / 2 + later) * SECOND_MICROS;
      if (later > 0 && random.nextBoolean()) {
        // close to the commits of the features, which are some milliseconds apart
        instant = commit - random.nextInt(600) * 1000L;
      }
      for (Column column : table.columns) {
        row.add(cell(table, column, distinct, instant));
      }
      rows.add(row);
    }
    return rows;
  }

  private @Nullable Object cell(OracleTable table, Column column, int distinct, long instant) {
    return switch (column.name()) {
      case "id", "rid" -> table.number();
      case "never" -> -1L;
      case "n" -> random.nextInt(12) == 0 ? null : (Object) (long) random.nextInt(8);
      case "ts" -> random.nextInt(15) == 0 ? null : instant(column.type(), instant);
      case "came", "seen" ->
          random.nextInt(15) == 0
              ? null
              : (Object) (instant + (random.nextInt(5) - 1) * SECOND_MICROS);
      default ->
          random.nextInt(20) == 0
              ? null
              : value(column.type(), random.nextInt(column.name().startsWith("k") ? distinct : 9));
    };
  }

  private Object instant(SqlType type, long micros) {
    return ((SqlType.Timestamp) type).precision() == 9 ? micros * 1000 + random.nextInt(2) : micros;
  }

  private Object value(SqlType type, int number) {
    return switch (type.kind()) {
      case VARCHAR -> number == 0 ? "" : "\u00e4'" + number;
      case BOOLEAN -> number % 2 == 0;
      case DOUBLE -> number == 0 ? 0.0 : number == 1 ? Double.NaN : number / 3.0;
      case DECIMAL ->
          new BigDecimal(number * 7 - 3)
              .movePointLeft(3)
              .setScale(((SqlType.Decimal) type).scale());
      case DATE -> 19_000L + number;
      case TIMESTAMP -> start + number;
      default -> (long) number;
    };
  }

  /** What {@code _committed_at} must be of every row: by the snapshots, or the declared column. */
  private List<@Nullable Long> arrivals(OracleTable table, boolean declared) {
    List<@Nullable Long> arrivals = new ArrayList<>();
    if (declared) {
      table.rows.forEach(row -> arrivals.add((Long) table.cell(row, "came")));
      return arrivals;
    }
    List<String> commits =
        execute("SELECT committed_at FROM " + table.name + "$snapshots ORDER BY sequence_number");
    List<Long> times = new ArrayList<>();
    long latest = Long.MIN_VALUE;
    for (String commit : commits) {
      latest = Math.max(latest, micros(commit));
      times.add(latest);
    }
    table.commitOf.forEach(commit -> arrivals.add(times.get(commit)));
    return arrivals;
  }

  private static long micros(String text) {
    LocalDateTime time = LocalDateTime.parse(text.substring(0, text.length() - 1), STAMP);
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant(ZoneOffset.UTC));
  }

  /** Of every row its place in the order that breaks ties. */
  private List<Integer> places(OracleTable table, int version) {
    String order =
        switch (version) {
          case 1 -> "_file, _pos";
          case 2 -> "_last_updated_sequence_number, _file, _pos";
          default -> "_last_updated_sequence_number, _row_id";
        };
    List<String> ordered = execute("SELECT rid FROM " + table.name + " ORDER BY " + order);
    Map<Long, Integer> placeOf = new HashMap<>();
    ordered.forEach(number -> placeOf.put(Long.valueOf(number), placeOf.size()));
    List<Integer> places = new ArrayList<>();
    table.rows.forEach(row -> places.add(placeOf.get(table.cell(row, "rid"))));
    return places;
  }

  /**
   * The query.
   *
   * @param kept whether every join has a condition for which right rows are kept
   */
  String query(boolean kept) {
    List<String> columns = new ArrayList<>(List.of("l.id"));
    joins.forEach(join -> columns.addAll(join.selected()));
    return "SELECT "
        + String.join(", ", columns)
        + " FROM "
        + labels.name
        + " l"
        + joins.stream().map(join -> join.join(kept)).collect(Collectors.joining());
  }

  /** The answer, in no order. */
  List<String> expected() {
    List<String> lines = new ArrayList<>();
    for (List<@Nullable Object> label : labels.rows) {
      List<String> cells = new ArrayList<>();
      cells.add(String.valueOf(labels.cell(label, "id")));
      boolean kept = true;
      for (OracleJoin join : joins) {
        int row = join.pick(label);
        picks++;
        matches += row >= 0 ? 1 : 0;
        kept &= row >= 0 || !join.inner();
        cells.addAll(join.texts(row));
      }
      if (kept) {
        lines.add(String.join("\t", cells));
      }
    }
    return lines;
  }

  /** How many labels {@link #expected} has looked at, for all joins together. */
  int picks() {
    return picks;
  }

  /** How many of them have a match. */
  int matches() {
    return matches;
  }

  /** All statements, to be run by hand. */
  String script() {
    return log.stream().map(sql -> sql + ";\n").collect(Collectors.joining());
  }
}
