package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.connector.TableStatistics.ColumnStatistics;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** What a footer says about the values of one column in one row group. */
public final class ChunkStatistics {
  private ChunkStatistics() {}

  /**
   * Bounds as the engine compares values: a maximum of floating values is given only where the
   * writer counted no NaN, which the engine orders above all others.
   */
  public static ColumnStatistics of(ParquetMetadata metadata, int rowGroup, ColumnRequest request) {
    RowGroup group = metadata.rowGroups().get(rowGroup);
    Bounds bounds = bounds(group, request);
    boolean text = request.type().kind() == SqlType.Kind.VARCHAR;
    return new ColumnStatistics(
        text ? text(bounds.min()) : bounds.min(),
        bounds.mayHoldNan() ? null : text ? text(bounds.max()) : bounds.max(),
        bounds.nullCount(),
        -1,
        group.bytes(List.of(request)));
  }

  /**
   * Bounds for pruning.
   *
   * @param min not above any value but NaN, or null; text as UTF-8 bytes, for it may be cut
   * @param max not below any value but NaN, or null
   * @param nullCount -1 where unknown
   * @param rows NULLs included
   * @param exact whether the bounds are values of the column
   * @param mayHoldNan whether there may be values beyond the bounds
   */
  record Bounds(
      @Nullable Object min,
      @Nullable Object max,
      long nullCount,
      long rows,
      boolean exact,
      boolean mayHoldNan) {}

  static Bounds bounds(RowGroup group, ColumnRequest request) {
    ParquetColumn column = request.column();
    long rows = group.rowCount();
    if (request.nested() != null) {
      return new Bounds(null, null, -1, rows, false, false);
    }
    if (column == null) {
      Object value = request.constant();
      if (value instanceof String text) {
        value = text.getBytes(StandardCharsets.UTF_8);
      }
      boolean nan = value instanceof Double number && number.isNaN();
      return nan
          ? new Bounds(null, null, 0, rows, false, true)
          : new Bounds(value, value, value == null ? rows : 0, rows, true, false);
    }
    ColumnChunk chunk = group.chunks().get(column.index());
    Statistics<?> statistics = chunk.statistics();
    Conversion conversion = Conversion.of(column.type(), request.type());
    boolean floating = request.type().isFloating();
    Bounds unknown = new Bounds(null, null, -1, rows, false, floating);
    if (conversion == null || chunk.encrypted() || !column.isFlat()) {
      return unknown;
    }
    if (conversion.op() == Conversion.Op.ALL_NULL) {
      return new Bounds(null, null, rows, rows, true, false);
    }
    if (statistics == null) {
      return unknown;
    }
    long nulls =
        statistics.isNumNullsSet() && statistics.getNumNulls() >= 0 ? statistics.getNumNulls() : -1;
    boolean nan = floating && !(statistics.isNanCountSet() && statistics.getNanCount() == 0);
    if (!statistics.hasNonNullValue()) {
      return new Bounds(null, null, nulls, rows, false, nan);
    }
    return bounds(
        conversion, statistics.genericGetMin(), statistics.genericGetMax(), nulls, rows, nan);
  }

  /** Of values that a writer calls the least and the greatest. */
  static Bounds bounds(
      Conversion conversion, Object least, Object greatest, long nulls, long rows, boolean nan) {
    boolean exact =
        !conversion.target().isFloating()
            && !conversion.isBinary()
            && conversion.op() != Conversion.Op.LONG_OVER;
    return new Bounds(
        value(conversion, least, false),
        value(conversion, greatest, true),
        nulls,
        rows,
        exact,
        nan);
  }

  /** A physical value as a literal, rounded up or down; null where that cannot be. */
  static @Nullable Object value(Conversion conversion, Object raw, boolean up) {
    long factor = conversion.factor();
    try {
      return switch (conversion.op()) {
        case BITS -> raw;
        case BINARY, FIXED_BINARY -> ((Binary) raw).getBytes();
        case COPY ->
            switch (raw) {
              case Integer v -> (long) v;
              case Long v -> v;
              case Float v -> v.isNaN() ? null : (Object) (double) v;
              case Double v -> v.isNaN() ? null : v;
              case Binary v -> uuid(v);
              default -> null;
            };
        case INT_TO_BYTE, INT_TO_SHORT, INT_TO_LONG -> (long) (Integer) raw;
        case UINT_TO_LONG -> (Integer) raw & 0xFFFFFFFFL;
        case FLOAT_TO_DOUBLE -> ((Float) raw).isNaN() ? null : (Object) (double) (Float) raw;
        case INT_TIMES -> Math.multiplyExact((Integer) raw, factor);
        case LONG_TIMES -> Math.multiplyExact((Long) raw, factor);
        case LONG_OVER -> up ? Math.ceilDiv((Long) raw, factor) : Math.floorDiv((Long) raw, factor);
        case INT_TO_DECIMAL -> decimal(conversion, BigInteger.valueOf((Integer) raw));
        case LONG_TO_DECIMAL -> decimal(conversion, BigInteger.valueOf((Long) raw));
        case ULONG_TO_DECIMAL ->
            decimal(conversion, new BigInteger(Long.toUnsignedString((Long) raw)));
        case FIXED_TO_DECIMAL, BINARY_TO_DECIMAL ->
            decimal(conversion, new BigInteger(((Binary) raw).getBytes()));
        case HALF_TO_FLOAT, HALF_TO_DOUBLE, INT96, ALL_NULL -> null;
      };
    } catch (ArithmeticException | ClassCastException | NumberFormatException e) {
      // A bound that does not fit, or is not of the column's type, says nothing.
      return null;
    }
  }

  private static BigDecimal decimal(Conversion conversion, BigInteger unscaled) {
    SqlType.Decimal type = (SqlType.Decimal) conversion.target();
    int digits = (int) conversion.factor();
    return new BigDecimal(unscaled, type.scale() - digits).setScale(type.scale());
  }

  private static @Nullable Object uuid(Binary value) {
    if (value.length() != 16) {
      return null;
    }
    ByteBuffer bytes = value.toByteBuffer();
    return new UUID(bytes.getLong(bytes.position()), bytes.getLong(bytes.position() + 8));
  }

  private static @Nullable Object text(@Nullable Object utf8) {
    if (!(utf8 instanceof byte[] bytes)) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      // Cut in the midst of a character.
      return null;
    }
  }
}
