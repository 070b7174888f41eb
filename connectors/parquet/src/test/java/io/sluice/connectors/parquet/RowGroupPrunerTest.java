package io.sluice.connectors.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What statistics can exclude, and what they cannot. */
final class RowGroupPrunerTest {
  private static final PrimitiveType LONG = Types.optional(PrimitiveTypeName.INT64).named("c");
  private static final PrimitiveType DOUBLE = Types.optional(PrimitiveTypeName.DOUBLE).named("c");
  private static final PrimitiveType TEXT =
      Types.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named("c");

  static Expression call(String function, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), SqlType.BOOLEAN);
  }

  static Expression column(int i, SqlType type) {
    return new Expression.InputRef(i, type);
  }

  static Expression literal(@Nullable Object value, SqlType type) {
    return new Expression.Literal(value, type);
  }

  /** The filters that {@link DuckDbFilesTest} gives to DuckDB as text. */
  static Expression filter(String where) {
    Expression b = column(0, SqlType.BIGINT);
    return switch (where) {
      case "b > 11990" -> call("gt", b, literal(11990L, SqlType.BIGINT));
      case "b BETWEEN 100 AND 120" ->
          call(
              "and",
              call("ge", b, literal(100L, SqlType.BIGINT)),
              call("le", b, literal(120L, SqlType.BIGINT)));
      case "city = 'city 7' AND b < 50" ->
          call(
              "and",
              call("eq", column(5, SqlType.VARCHAR), literal("city 7", SqlType.VARCHAR)),
              call("gt", literal(50L, SqlType.BIGINT), b));
      case "n IS NULL" -> call("is_null", column(1, SqlType.INTEGER));
      default -> throw new AssertionError(where);
    };
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static byte[] bytes(double value) {
    return bytes(Double.doubleToRawLongBits(value));
  }

  private static boolean matches(
      PrimitiveType type,
      SqlType sql,
      byte @Nullable [] min,
      byte @Nullable [] max,
      long nulls,
      Expression filter) {
    var builder = Statistics.getBuilderForReading(type).withNumNulls(nulls);
    if (min != null && max != null) {
      builder.withMin(min).withMax(max);
    }
    ParquetColumn column = new ParquetColumn(0, List.of("c"), -1, type, 1, 0);
    ColumnChunk chunk =
        new ColumnChunk(
            CompressionCodecName.ZSTD,
            4,
            4,
            10,
            10,
            100,
            builder.build(),
            null,
            null,
            false,
            false);
    ParquetMetadata metadata =
        new ParquetMetadata(
            "f",
            100,
            "",
            new MessageType("m", type),
            List.of(column),
            List.of(new RowGroup(0, 100, List.of(chunk))),
            Map.of());
    return RowGroupPruner.mayMatch(
        metadata,
        0,
        filter,
        List.of(ColumnRequest.of(column, sql), ColumnRequest.constant(SqlType.BIGINT, null)));
  }

  private static boolean longs(long min, long max, long nulls, String function, long value) {
    return matches(
        LONG,
        SqlType.BIGINT,
        bytes(min),
        bytes(max),
        nulls,
        call(function, column(0, SqlType.BIGINT), literal(value, SqlType.BIGINT)));
  }

  @Test
  void comparisonsOfIntegers() {
    for (long min = 0; min < 4; min++) {
      for (long max = min; max < 4; max++) {
        for (long value = -1; value < 5; value++) {
          boolean within = min <= value && value <= max;
          assertEquals(within, longs(min, max, 0, "eq", value));
          assertEquals(min != value || max != value, longs(min, max, 0, "ne", value));
          assertEquals(min < value, longs(min, max, 5, "lt", value));
          assertEquals(min <= value, longs(min, max, 0, "le", value));
          assertEquals(max > value, longs(min, max, 5, "gt", value));
          assertEquals(max >= value, longs(min, max, 0, "ge", value));
          Expression equal = call("eq", column(0, SqlType.BIGINT), literal(value, SqlType.BIGINT));
          assertEquals(
              min != value || max != value,
              matches(LONG, SqlType.BIGINT, bytes(min), bytes(max), 3, call("not", equal)));
          assertEquals(
              within,
              matches(
                  LONG,
                  SqlType.BIGINT,
                  bytes(min),
                  bytes(max),
                  3,
                  call("not", call("not", equal))));
        }
      }
    }
  }

  @Test
  void nullsAndConstants() {
    Expression isNull = call("is_null", column(0, SqlType.BIGINT));
    Expression isNotNull = call("is_not_null", column(0, SqlType.BIGINT));
    assertEquals(false, matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 0, isNull));
    assertEquals(true, matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 7, isNull));
    assertEquals(false, matches(LONG, SqlType.BIGINT, null, null, 100, isNotNull));
    assertEquals(false, longs(1, 2, 100, "eq", 1));
    Expression absent = call("eq", column(1, SqlType.BIGINT), literal(1L, SqlType.BIGINT));
    assertEquals(false, matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 0, absent));
    assertEquals(
        true,
        matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 0, call("or", absent, isNotNull)));
    assertEquals(
        false,
        matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 0, call("not", absent)),
        "neither NULL = 1 nor its negation is true");
    Expression same =
        call("is_not_distinct_from", column(0, SqlType.BIGINT), literal(null, SqlType.BIGINT));
    assertEquals(false, matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 0, same));
    assertEquals(true, matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 0, call("not", same)));
    assertEquals(
        true, matches(LONG, SqlType.BIGINT, bytes(1L), bytes(2L), 0, call("mystery", same)));
  }

  @Test
  void floatsBeyondTheBoundsAndSignedZeros() {
    Expression above = call("gt", column(0, SqlType.DOUBLE), literal(5.0, SqlType.DOUBLE));
    // NaN is above all numbers, and no statistics tell of it.
    assertEquals(true, matches(DOUBLE, SqlType.DOUBLE, bytes(1.0), bytes(2.0), 0, above));
    Expression below = call("lt", column(0, SqlType.DOUBLE), literal(1.0, SqlType.DOUBLE));
    assertEquals(false, matches(DOUBLE, SqlType.DOUBLE, bytes(1.0), bytes(2.0), 0, below));
    Expression zero = call("eq", column(0, SqlType.DOUBLE), literal(-0.0, SqlType.DOUBLE));
    assertEquals(true, matches(DOUBLE, SqlType.DOUBLE, bytes(0.0), bytes(2.0), 0, zero));
    Expression nan = call("eq", column(0, SqlType.DOUBLE), literal(Double.NaN, SqlType.DOUBLE));
    assertEquals(true, matches(DOUBLE, SqlType.DOUBLE, bytes(1.0), bytes(2.0), 0, nan));
    assertEquals(true, matches(DOUBLE, SqlType.DOUBLE, bytes(Double.NaN), bytes(2.0), 0, below));
  }

  @Test
  void textIsOrderedByBytes() {
    byte[] min = WrittenFiles.utf8("b");
    byte[] max = WrittenFiles.utf8("\u00FC");
    for (String value : List.of("a", "b", "z", "\u00FC", "\uFF5E", "\uD83D\uDE00")) {
      Expression equal = call("eq", column(0, SqlType.VARCHAR), literal(value, SqlType.VARCHAR));
      boolean within = "bz\u00FC".contains(value);
      assertEquals(within, matches(TEXT, SqlType.VARCHAR, min, max, 0, equal), value);
    }
  }
}
