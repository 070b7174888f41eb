package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * How values of a physical type become values of a SQL type without changing their meaning.
 *
 * @param target what comes out
 * @param sourceWidth bytes of a PLAIN value, 0 for byte arrays and booleans
 * @param targetWidth bytes of an Arrow value, 0 for strings and booleans
 * @param factor multiplier or divisor of times; digits to append for decimals
 */
record Conversion(Op op, SqlType target, int sourceWidth, int targetWidth, long factor) {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /** What is done with a value. */
  enum Op {
    ALL_NULL,
    BITS,
    COPY,
    INT_TO_BYTE,
    INT_TO_SHORT,
    INT_TO_LONG,
    UINT_TO_LONG,
    ULONG_TO_DECIMAL,
    FLOAT_TO_DOUBLE,
    HALF_TO_FLOAT,
    HALF_TO_DOUBLE,
    INT_TO_DECIMAL,
    LONG_TO_DECIMAL,
    FIXED_TO_DECIMAL,
    BINARY_TO_DECIMAL,
    INT_TIMES,
    LONG_TIMES,
    LONG_OVER,
    INT96,
    BINARY,
    FIXED_BINARY
  }

  /** Whether the output is of variable width. */
  boolean isBinary() {
    return op == Op.BINARY || op == Op.FIXED_BINARY;
  }

  /** How a column is read as a type, or null where it cannot be. */
  static @Nullable Conversion of(PrimitiveType source, SqlType target) {
    LogicalTypeAnnotation annotation = source.getLogicalTypeAnnotation();
    if (annotation instanceof UnknownLogicalTypeAnnotation) {
      return target.isNested() ? null : new Conversion(Op.ALL_NULL, target, 0, 0, 1);
    }
    PrimitiveTypeName physical = source.getPrimitiveTypeName();
    int width = width(source);
    return switch (target.kind()) {
      case BOOLEAN ->
          physical == PrimitiveTypeName.BOOLEAN && annotation == null
              ? new Conversion(Op.BITS, target, 0, 0, 1)
              : null;
      case TINYINT, SMALLINT, INTEGER, BIGINT -> integer(physical, annotation, target);
      case DECIMAL -> decimal(source, (SqlType.Decimal) target);
      case REAL, DOUBLE -> floating(physical, annotation, target);
      case VARCHAR ->
          physical == PrimitiveTypeName.BINARY && isText(annotation)
              ? new Conversion(Op.BINARY, target, 0, 0, 1)
              : null;
      case VARBINARY -> binary(physical, annotation, target, width);
      case DATE ->
          physical == PrimitiveTypeName.INT32 && annotation instanceof DateLogicalTypeAnnotation
              ? new Conversion(Op.COPY, target, 4, 4, 1)
              : null;
      case TIME -> time(annotation, target);
      case TIMESTAMP, TIMESTAMP_TZ -> timestamp(physical, annotation, (SqlType.Timestamp) target);
      case UUID ->
          physical == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY
                  && width == 16
                  && (annotation == null || annotation instanceof UUIDLogicalTypeAnnotation)
              ? new Conversion(Op.COPY, target, 16, 16, 1)
              : null;
      case NULL, INTERVAL_MONTHS, INTERVAL_MICROS, ARRAY, ROW, MAP -> null;
    };
  }

  /** Bytes of a PLAIN value, 0 where they vary. */
  static int width(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32, FLOAT -> 4;
      case INT64, DOUBLE -> 8;
      case INT96 -> 12;
      case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
      case BOOLEAN, BINARY -> 0;
    };
  }

  private static @Nullable Conversion integer(
      PrimitiveTypeName physical, @Nullable LogicalTypeAnnotation annotation, SqlType target) {
    int bits;
    boolean signed = true;
    if (annotation instanceof IntLogicalTypeAnnotation ints) {
      bits = ints.getBitWidth();
      signed = ints.isSigned();
    } else if (annotation == null) {
      bits = physical == PrimitiveTypeName.INT64 ? 64 : 32;
    } else {
      return null;
    }
    int targetBits =
        switch (target.kind()) {
          case TINYINT -> 8;
          case SMALLINT -> 16;
          case INTEGER -> 32;
          default -> 64;
        };
    if (signed ? bits > targetBits : bits >= targetBits) {
      return null;
    }
    if (physical == PrimitiveTypeName.INT64) {
      return targetBits == 64 ? new Conversion(Op.COPY, target, 8, 8, 1) : null;
    }
    if (physical != PrimitiveTypeName.INT32) {
      return null;
    }
    return switch (target.kind()) {
      case TINYINT -> new Conversion(Op.INT_TO_BYTE, target, 4, 1, 1);
      case SMALLINT -> new Conversion(Op.INT_TO_SHORT, target, 4, 2, 1);
      case INTEGER -> new Conversion(Op.COPY, target, 4, 4, 1);
      default -> new Conversion(signed ? Op.INT_TO_LONG : Op.UINT_TO_LONG, target, 4, 8, 1);
    };
  }

  private static @Nullable Conversion decimal(PrimitiveType source, SqlType.Decimal target) {
    LogicalTypeAnnotation annotation = source.getLogicalTypeAnnotation();
    if (annotation instanceof IntLogicalTypeAnnotation ints
        && source.getPrimitiveTypeName() == PrimitiveTypeName.INT64
        && !ints.isSigned()) {
      return target.precision() - target.scale() >= 20
          ? new Conversion(Op.ULONG_TO_DECIMAL, target, 8, 16, target.scale())
          : null;
    }
    if (!(annotation instanceof DecimalLogicalTypeAnnotation decimal)) {
      return null;
    }
    int digits = target.scale() - decimal.getScale();
    if (digits < 0
        || target.precision() - target.scale() < decimal.getPrecision() - decimal.getScale()) {
      return null;
    }
    int width = width(source);
    return switch (source.getPrimitiveTypeName()) {
      case INT32 -> new Conversion(Op.INT_TO_DECIMAL, target, 4, 16, digits);
      case INT64 -> new Conversion(Op.LONG_TO_DECIMAL, target, 8, 16, digits);
      case FIXED_LEN_BYTE_ARRAY ->
          width > 0 ? new Conversion(Op.FIXED_TO_DECIMAL, target, width, 16, digits) : null;
      case BINARY -> new Conversion(Op.BINARY_TO_DECIMAL, target, 0, 16, digits);
      case BOOLEAN, FLOAT, DOUBLE, INT96 -> null;
    };
  }

  private static @Nullable Conversion floating(
      PrimitiveTypeName physical, @Nullable LogicalTypeAnnotation annotation, SqlType target) {
    boolean real = target.kind() == SqlType.Kind.REAL;
    if (annotation instanceof Float16LogicalTypeAnnotation) {
      return real
          ? new Conversion(Op.HALF_TO_FLOAT, target, 2, 4, 1)
          : new Conversion(Op.HALF_TO_DOUBLE, target, 2, 8, 1);
    }
    if (annotation != null) {
      return null;
    }
    return switch (physical) {
      case FLOAT ->
          real
              ? new Conversion(Op.COPY, target, 4, 4, 1)
              : new Conversion(Op.FLOAT_TO_DOUBLE, target, 4, 8, 1);
      case DOUBLE -> real ? null : new Conversion(Op.COPY, target, 8, 8, 1);
      default -> null;
    };
  }

  private static boolean isText(@Nullable LogicalTypeAnnotation annotation) {
    return annotation == null
        || annotation instanceof StringLogicalTypeAnnotation
        || annotation instanceof EnumLogicalTypeAnnotation
        || annotation instanceof JsonLogicalTypeAnnotation;
  }

  private static @Nullable Conversion binary(
      PrimitiveTypeName physical,
      @Nullable LogicalTypeAnnotation annotation,
      SqlType target,
      int width) {
    return switch (physical) {
      case BINARY ->
          annotation instanceof DecimalLogicalTypeAnnotation
              ? null
              : new Conversion(Op.BINARY, target, 0, 0, 1);
      case FIXED_LEN_BYTE_ARRAY ->
          annotation == null && width > 0
              ? new Conversion(Op.FIXED_BINARY, target, width, 0, 1)
              : null;
      default -> null;
    };
  }

  private static @Nullable Conversion time(
      @Nullable LogicalTypeAnnotation annotation, SqlType target) {
    // Arrow's writers mark times without a zone as UTC too, so the flag tells nothing.
    if (!(annotation instanceof TimeLogicalTypeAnnotation time)) {
      return null;
    }
    return switch (time.getUnit()) {
      case MILLIS -> new Conversion(Op.INT_TIMES, target, 4, 8, 1000);
      case MICROS -> new Conversion(Op.COPY, target, 8, 8, 1);
      case NANOS -> new Conversion(Op.LONG_OVER, target, 8, 8, 1000);
    };
  }

  private static @Nullable Conversion timestamp(
      PrimitiveTypeName physical,
      @Nullable LogicalTypeAnnotation annotation,
      SqlType.Timestamp target) {
    boolean nanos = target.precision() == 9;
    if (physical == PrimitiveTypeName.INT96) {
      // It has no zone of its own: Spark and Impala mean instants, others local times.
      return new Conversion(Op.INT96, target, 12, 8, nanos ? 1 : 1000);
    }
    if (annotation instanceof DateLogicalTypeAnnotation) {
      return target.zoned()
          ? null
          : new Conversion(
              Op.INT_TIMES, target, 4, 8, nanos ? MICROS_PER_DAY * 1000 : MICROS_PER_DAY);
    }
    if (!(annotation instanceof TimestampLogicalTypeAnnotation timestamp)
        || timestamp.isAdjustedToUTC() != target.zoned()) {
      return null;
    }
    TimeUnit unit = timestamp.getUnit();
    if (unit == TimeUnit.NANOS) {
      return nanos
          ? new Conversion(Op.COPY, target, 8, 8, 1)
          : new Conversion(Op.LONG_OVER, target, 8, 8, 1000);
    }
    long factor = (unit == TimeUnit.MILLIS ? 1000 : 1) * (nanos ? 1000L : 1);
    return factor == 1
        ? new Conversion(Op.COPY, target, 8, 8, 1)
        : new Conversion(Op.LONG_TIMES, target, 8, 8, factor);
  }
}
