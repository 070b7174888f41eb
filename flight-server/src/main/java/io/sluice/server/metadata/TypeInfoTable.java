package io.sluice.server.metadata;

import io.sluice.engine.type.SqlType;
import io.sluice.server.stream.ResultSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql.Nullable;
import org.apache.arrow.flight.sql.impl.FlightSql.Searchable;
import org.apache.arrow.flight.sql.impl.FlightSql.XdbcDataType;
import org.apache.arrow.flight.sql.impl.FlightSql.XdbcDatetimeSubcode;

/** The SQL types as ODBC and JDBC describe types. */
public final class TypeInfoTable {
  private TypeInfoTable() {}

  /**
   * One type.
   *
   * @param code of the concise type
   * @param sqlCode of the verbose type, which for dates and times is one for all
   * @param subcode of dates and times, or null
   */
  private record Line(
      SqlType type,
      int code,
      int sqlCode,
      @org.jspecify.annotations.Nullable Integer subcode,
      @org.jspecify.annotations.Nullable String quotePrefix,
      @org.jspecify.annotations.Nullable String quoteSuffix,
      List<String> parameters) {}

  private static final List<Line> LINES =
      List.of(
          plain(SqlType.BIGINT, XdbcDataType.XDBC_BIGINT),
          plain(SqlType.BOOLEAN, XdbcDataType.XDBC_BIT),
          new Line(
              SqlType.DATE,
              XdbcDataType.XDBC_DATE_VALUE,
              XdbcDataType.XDBC_DATETIME_VALUE,
              XdbcDatetimeSubcode.XDBC_SUBCODE_DATE_VALUE,
              "DATE '",
              "'",
              List.of()),
          new Line(
              new SqlType.Decimal(38, 0),
              XdbcDataType.XDBC_DECIMAL_VALUE,
              XdbcDataType.XDBC_DECIMAL_VALUE,
              null,
              null,
              null,
              List.of("precision", "scale")),
          plain(SqlType.DOUBLE, XdbcDataType.XDBC_DOUBLE),
          plain(SqlType.INTEGER, XdbcDataType.XDBC_INTEGER),
          plain(SqlType.REAL, XdbcDataType.XDBC_REAL),
          plain(SqlType.SMALLINT, XdbcDataType.XDBC_SMALLINT),
          new Line(
              SqlType.TIME,
              XdbcDataType.XDBC_TIME_VALUE,
              XdbcDataType.XDBC_DATETIME_VALUE,
              XdbcDatetimeSubcode.XDBC_SUBCODE_TIME_VALUE,
              "TIME '",
              "'",
              List.of()),
          new Line(
              SqlType.TIMESTAMP,
              XdbcDataType.XDBC_TIMESTAMP_VALUE,
              XdbcDataType.XDBC_DATETIME_VALUE,
              XdbcDatetimeSubcode.XDBC_SUBCODE_TIMESTAMP_VALUE,
              "TIMESTAMP '",
              "'",
              List.of("precision")),
          new Line(
              SqlType.TIMESTAMP_TZ,
              XdbcDataType.XDBC_TIMESTAMP_VALUE,
              XdbcDataType.XDBC_DATETIME_VALUE,
              XdbcDatetimeSubcode.XDBC_SUBCODE_TIMESTAMP_WITH_TIMEZONE_VALUE,
              "TIMESTAMP WITH TIME ZONE '",
              "'",
              List.of("precision")),
          plain(SqlType.TINYINT, XdbcDataType.XDBC_TINYINT),
          plain(SqlType.UUID, XdbcDataType.XDBC_BINARY),
          new Line(
              SqlType.VARBINARY,
              XdbcDataType.XDBC_VARBINARY_VALUE,
              XdbcDataType.XDBC_VARBINARY_VALUE,
              null,
              "X'",
              "'",
              List.of()),
          new Line(
              SqlType.VARCHAR,
              XdbcDataType.XDBC_VARCHAR_VALUE,
              XdbcDataType.XDBC_VARCHAR_VALUE,
              null,
              "'",
              "'",
              List.of()),
          plain(SqlType.INTERVAL_MICROS, XdbcDataType.XDBC_INTERVAL),
          plain(SqlType.INTERVAL_MONTHS, XdbcDataType.XDBC_INTERVAL),
          plain(new SqlType.Array(SqlType.VARCHAR), XdbcDataType.XDBC_UNKNOWN_TYPE),
          plain(new SqlType.Map(SqlType.VARCHAR, SqlType.VARCHAR), XdbcDataType.XDBC_UNKNOWN_TYPE),
          plain(new SqlType.Row(List.of()), XdbcDataType.XDBC_UNKNOWN_TYPE));

  private static Line plain(SqlType type, XdbcDataType code) {
    return new Line(type, code.getNumber(), code.getNumber(), null, null, null, List.of());
  }

  /**
   * The types with this code, or all.
   *
   * @param dataType null for all
   */
  public static MetadataTable of(@org.jspecify.annotations.Nullable Integer dataType) {
    List<List<@org.jspecify.annotations.Nullable Object>> rows = new ArrayList<>();
    for (Line line : LINES) {
      if (dataType == null || dataType == line.code()) {
        rows.add(row(line));
      }
    }
    return new MetadataTable(Schemas.GET_TYPE_INFO_SCHEMA, rows);
  }

  private static List<@org.jspecify.annotations.Nullable Object> row(Line line) {
    SqlType type = line.type();
    boolean text = type.kind() == SqlType.Kind.VARCHAR;
    boolean numeric = type.isNumeric();
    boolean nested = type.isNested();
    int precision = ResultSchema.precision(type);
    String name = ResultSchema.typeName(type);
    return Arrays.asList(
        name,
        line.code(),
        nested || precision == 0 ? null : precision,
        line.quotePrefix(),
        line.quoteSuffix(),
        line.parameters().isEmpty() ? null : line.parameters(),
        Nullable.NULLABILITY_NULLABLE_VALUE,
        text,
        (text
                ? Searchable.SEARCHABLE_FULL
                : nested ? Searchable.SEARCHABLE_NONE : Searchable.SEARCHABLE_BASIC)
            .getNumber(),
        numeric ? false : null,
        false,
        numeric ? false : null,
        name,
        numeric && !type.isFloating() ? 0 : null,
        type.kind() == SqlType.Kind.DECIMAL ? (Integer) 38 : type.isInteger() ? (Integer) 0 : null,
        line.sqlCode(),
        line.subcode(),
        numeric ? (Integer) 10 : null,
        null);
  }
}
