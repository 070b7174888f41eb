package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Reads cells of one Arrow type as values of one SQL type, in the form of {@code
 * Expression.Literal}. A value that the SQL type cannot hold exactly is a {@link
 * ConversionProblem}.
 */
@FunctionalInterface
interface CellReader {
  /** The value, or null for NULL. */
  @Nullable Object read(FieldVector vector, int row);

  /**
   * A reader.
   *
   * @throws EngineException TYPE_MISMATCH where such values never fit
   */
  static CellReader of(Field source, SqlType target, DictionaryProvider dictionaries) {
    CellReader present = present(IngestTypes.decoded(source, dictionaries), target, dictionaries);
    DictionaryEncoding encoding = source.getDictionary();
    if (encoding == null) {
      return (vector, row) -> vector.isNull(row) ? null : present.read(vector, row);
    }
    return (vector, row) -> {
      if (vector.isNull(row)) {
        return null;
      }
      FieldVector values = dictionaries.lookup(encoding.getId()).getVector();
      int index = Math.toIntExact(SourceCells.whole(vector, row));
      return values.isNull(index) ? null : present.read(values, index);
    };
  }

  private static CellReader present(Field source, SqlType target, DictionaryProvider dictionaries) {
    ArrowType type = source.getType();
    if (type instanceof ArrowType.Null) {
      return (vector, row) -> null;
    }
    CellReader reader =
        switch (target.kind()) {
          case NULL -> null;
          case BOOLEAN ->
              type instanceof ArrowType.Bool
                  ? (vector, row) -> ((BitVector) vector).get(row) != 0
                  : null;
          case TINYINT -> whole(type, target, Byte.MIN_VALUE, Byte.MAX_VALUE);
          case SMALLINT -> whole(type, target, Short.MIN_VALUE, Short.MAX_VALUE);
          case INTEGER -> whole(type, target, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case BIGINT -> whole(type, target, Long.MIN_VALUE, Long.MAX_VALUE);
          case DECIMAL -> decimal(type, (SqlType.Decimal) target);
          case REAL -> floating(type, true);
          case DOUBLE -> floating(type, false);
          case VARCHAR -> isText(type) ? SourceCells::text : null;
          case VARBINARY -> isBinary(type) ? SourceCells::bytes : null;
          case DATE -> date(type);
          case TIME -> type instanceof ArrowType.Time ? CellReader::time : null;
          case TIMESTAMP, TIMESTAMP_TZ -> timestamp(type, (SqlType.Timestamp) target);
          case INTERVAL_MONTHS -> months(type);
          case INTERVAL_MICROS -> micros(type);
          case UUID -> uuid(type);
          case ARRAY, ROW, MAP -> NestedReaders.of(source, target, dictionaries);
        };
    if (reader == null) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          "column '"
              + source.getName()
              + "': values of Arrow type "
              + type
              + " do not go into "
              + target.sql()
              + hint(type, target));
    }
    return reader;
  }

  private static String hint(ArrowType type, SqlType target) {
    boolean zone =
        type instanceof ArrowType.Timestamp
            && (target.kind() == SqlType.Kind.TIMESTAMP
                || target.kind() == SqlType.Kind.TIMESTAMP_TZ);
    return zone ? "; add or remove the time zone first (pandas: tz_localize, tz_convert)" : "";
  }

  private static boolean isText(ArrowType type) {
    return type instanceof ArrowType.Utf8
        || type instanceof ArrowType.LargeUtf8
        || type instanceof ArrowType.Utf8View;
  }

  private static boolean isBinary(ArrowType type) {
    return type instanceof ArrowType.Binary
        || type instanceof ArrowType.LargeBinary
        || type instanceof ArrowType.BinaryView
        || type instanceof ArrowType.FixedSizeBinary;
  }

  private static @Nullable CellReader whole(ArrowType type, SqlType target, long min, long max) {
    if (type instanceof ArrowType.Int) {
      return (vector, row) -> {
        long value = SourceCells.whole(vector, row);
        if (value < min || value > max) {
          throw outOfRange(value, target);
        }
        return value;
      };
    }
    if (type instanceof ArrowType.Decimal) {
      return (vector, row) -> {
        BigDecimal value = SourceCells.exact(vector, row);
        try {
          long whole = value.longValueExact();
          if (whole >= min && whole <= max) {
            return whole;
          }
        } catch (ArithmeticException inexact) {
          throw outOfRange(value, target);
        }
        throw outOfRange(value, target);
      };
    }
    if (type instanceof ArrowType.FloatingPoint) {
      // pandas turns whole numbers with gaps into floats.
      return (vector, row) -> {
        double value = SourceCells.floating(vector, row);
        long whole = (long) value;
        if (whole != value || whole < min || whole > max || whole == Long.MAX_VALUE) {
          throw outOfRange(value, target);
        }
        return whole;
      };
    }
    return null;
  }

  private static @Nullable CellReader decimal(ArrowType type, SqlType.Decimal target) {
    if (type instanceof ArrowType.Int || type instanceof ArrowType.Decimal) {
      return (vector, row) -> fit(SourceCells.exact(vector, row), target);
    }
    if (type instanceof ArrowType.FloatingPoint) {
      return (vector, row) -> {
        double value = SourceCells.floating(vector, row);
        if (!Double.isFinite(value)) {
          throw outOfRange(value, target);
        }
        return fit(BigDecimal.valueOf(value), target);
      };
    }
    return null;
  }

  private static BigDecimal fit(BigDecimal value, SqlType.Decimal target) {
    BigDecimal scaled;
    try {
      scaled = value.setScale(target.scale(), RoundingMode.UNNECESSARY);
    } catch (ArithmeticException inexact) {
      throw outOfRange(value.toPlainString(), target);
    }
    if (scaled.precision() > target.precision()) {
      throw outOfRange(value.toPlainString(), target);
    }
    return scaled;
  }

  private static @Nullable CellReader floating(ArrowType type, boolean single) {
    SqlType target = single ? SqlType.REAL : SqlType.DOUBLE;
    if (type instanceof ArrowType.FloatingPoint) {
      return (vector, row) -> {
        double value = SourceCells.floating(vector, row);
        if (single && (double) (float) value != value && !Double.isNaN(value)) {
          throw outOfRange(value, target);
        }
        return value;
      };
    }
    if (type instanceof ArrowType.Int || type instanceof ArrowType.Decimal) {
      return (vector, row) -> {
        BigDecimal exact = SourceCells.exact(vector, row);
        double value = single ? exact.floatValue() : exact.doubleValue();
        if (type instanceof ArrowType.Int && new BigDecimal(value).compareTo(exact) != 0) {
          throw outOfRange(exact, target);
        }
        return value;
      };
    }
    return null;
  }

  private static @Nullable CellReader date(ArrowType type) {
    return switch (type) {
      case ArrowType.Date ignored ->
          (vector, row) ->
              vector instanceof DateDayVector days
                  ? (long) days.get(row)
                  : wholeDays(((DateMilliVector) vector).get(row), 86_400_000L);
      case ArrowType.Timestamp timestamp when timestamp.getTimezone() == null -> {
        long perDay = 86_400L * TimeUnits.perSecond(timestamp.getUnit());
        yield (vector, row) -> wholeDays(((TimeStampVector) vector).get(row), perDay);
      }
      default -> null;
    };
  }

  private static long wholeDays(long value, long perDay) {
    if (value % perDay != 0) {
      throw new ConversionProblem(
          ErrorCode.INVALID_CAST, "the date has a time of day, which DATE cannot hold");
    }
    return value / perDay;
  }

  private static Object time(FieldVector vector, int row) {
    return switch (vector) {
      case TimeSecVector times -> times.get(row) * 1_000_000L;
      case TimeMilliVector times -> times.get(row) * 1_000L;
      case TimeMicroVector times -> times.get(row);
      case TimeNanoVector times ->
          TimeUnits.convert(times.get(row), 1_000_000_000L, 1_000_000L, "; round it before");
      default -> throw new AssertionError(vector.getField());
    };
  }

  private static @Nullable CellReader timestamp(ArrowType type, SqlType.Timestamp target) {
    long to = target.precision() == 9 ? 1_000_000_000L : 1_000_000L;
    return switch (type) {
      case ArrowType.Timestamp timestamp
          when (timestamp.getTimezone() != null) == target.zoned() -> {
        long from = TimeUnits.perSecond(timestamp.getUnit());
        yield (vector, row) ->
            TimeUnits.convert(
                ((TimeStampVector) vector).get(row), from, to, ColumnConverter.NANO_REMEDY);
      }
      case ArrowType.Date ignored when !target.zoned() -> {
        CellReader days = date(type);
        yield days == null
            ? null
            : (vector, row) ->
                Math.multiplyExact(
                    java.util.Objects.requireNonNull((Long) days.read(vector, row)), 86_400L * to);
      }
      default -> null;
    };
  }

  private static @Nullable CellReader months(ArrowType type) {
    if (!(type instanceof ArrowType.Interval interval)) {
      return null;
    }
    return switch (interval.getUnit()) {
      case YEAR_MONTH -> (vector, row) -> (long) ((IntervalYearVector) vector).get(row);
      case DAY_TIME -> null;
      case MONTH_DAY_NANO ->
          (vector, row) -> {
            var buffer = vector.getDataBuffer();
            if (IntervalMonthDayNanoVector.getDays(buffer, row) != 0
                || IntervalMonthDayNanoVector.getNanoseconds(buffer, row) != 0) {
              throw new ConversionProblem(
                  ErrorCode.INVALID_CAST, "the interval has days, which months cannot hold");
            }
            return (long) IntervalMonthDayNanoVector.getMonths(buffer, row);
          };
    };
  }

  private static @Nullable CellReader micros(ArrowType type) {
    return switch (type) {
      case ArrowType.Duration duration -> {
        long from = TimeUnits.perSecond(duration.getUnit());
        yield (vector, row) ->
            TimeUnits.convert(
                DurationVector.get(((DurationVector) vector).getDataBuffer(), row),
                from,
                1_000_000L,
                "; round it before");
      }
      case ArrowType.Interval interval ->
          switch (interval.getUnit()) {
            case YEAR_MONTH -> null;
            case DAY_TIME ->
                (vector, row) -> {
                  var buffer = vector.getDataBuffer();
                  return IntervalDayVector.getDays(buffer, row) * 86_400_000_000L
                      + IntervalDayVector.getMilliseconds(buffer, row) * 1_000L;
                };
            case MONTH_DAY_NANO ->
                (vector, row) -> {
                  var buffer = vector.getDataBuffer();
                  if (IntervalMonthDayNanoVector.getMonths(buffer, row) != 0) {
                    throw new ConversionProblem(
                        ErrorCode.INVALID_CAST,
                        "the interval has months, which an interval of days cannot hold");
                  }
                  return IntervalMonthDayNanoVector.getDays(buffer, row) * 86_400_000_000L
                      + TimeUnits.convert(
                          IntervalMonthDayNanoVector.getNanoseconds(buffer, row),
                          1_000_000_000L,
                          1_000_000L,
                          "; round it before");
                };
          };
      default -> null;
    };
  }

  private static @Nullable CellReader uuid(ArrowType type) {
    if (isText(type)) {
      return (vector, row) -> {
        String text = SourceCells.text(vector, row);
        try {
          return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
          throw new ConversionProblem(ErrorCode.INVALID_CAST, "'" + text + "' is not a UUID");
        }
      };
    }
    if (isBinary(type)) {
      return (vector, row) -> {
        byte[] bytes = SourceCells.bytes(vector, row);
        if (bytes.length != 16) {
          throw new ConversionProblem(
              ErrorCode.INVALID_CAST, "a UUID has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
      };
    }
    return null;
  }

  /** The value that does not fit. */
  static ConversionProblem outOfRange(Object value, SqlType target) {
    return new ConversionProblem(
        ErrorCode.NUMERIC_OVERFLOW, value + " cannot be held by " + target.sql());
  }
}
