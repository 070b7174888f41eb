package io.sluice.planner.training;

import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableVersion;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlNode;

/** Pieces of SQL text. */
final class Sql {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private Sql() {}

  /** A query's text, parsed. */
  static SqlNode query(String sql) {
    if (SqlText.parse(sql) instanceof Statement.Query query) {
      return query.query();
    }
    throw new AssertionError(sql);
  }

  /** A name in quotes. */
  static String name(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  static String names(Collection<String> names) {
    return names.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  /** A table in full. */
  static String table(TableName table) {
    return name(table.catalog()) + "." + name(table.schema()) + "." + name(table.table());
  }

  /** A state of a table in full. */
  static String table(TableName table, TableVersion version) {
    return table(table)
        + switch (version) {
          case TableVersion.Current ignored -> "";
          case TableVersion.AsOfSnapshot snapshot -> " FOR VERSION AS OF " + snapshot.snapshotId();
          case TableVersion.AsOfReference reference ->
              " FOR VERSION AS OF " + text(reference.name());
          case TableVersion.AsOfTime time ->
              " FOR SYSTEM_TIME AS OF TIMESTAMP '"
                  + FORMAT.format(
                      LocalDateTime.ofInstant(
                          Instant.EPOCH.plus(time.epochMicros(), ChronoUnit.MICROS),
                          ZoneOffset.UTC))
                  + "'";
          case TableVersion.AsRead read -> throw new AssertionError(read);
          case TableVersion.Pinned pinned -> throw new AssertionError(pinned);
        };
  }

  /** A text in quotes. */
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A floating-point number that reads back as the same bits. */
  static String number(double value) {
    return "CAST('" + value + "' AS DOUBLE)";
  }

  /**
   * An instant as a value of a time column's type.
   *
   * @param type in SQL
   * @param zone in which a type without a zone is read
   */
  static String instant(long micros, String type, String zone) {
    Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    boolean zoned = type.contains("TIME ZONE");
    LocalDateTime local =
        LocalDateTime.ofInstant(instant, zoned ? ZoneOffset.UTC : ZoneId.of(zone));
    String text = type.equals("DATE") ? local.toLocalDate().toString() : FORMAT.format(local);
    return "CAST('" + text + (zoned ? "+00:00" : "") + "' AS " + type + ")";
  }
}
