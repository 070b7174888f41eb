package io.sluice.engine.function.kernel;

import io.sluice.engine.type.SqlType;

/** How values of a type lie in their data buffer. */
public enum Layout {
  /** No values at all: the type NULL. */
  NONE(0),
  /** One bit each. */
  BIT(0),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FLOAT32(4),
  FLOAT64(8),
  /** Two's complement, little-endian. */
  INT128(16),
  /** Sixteen bytes in order. */
  FIXED16(16),
  /** int32 offsets into bytes. */
  BYTES(0),
  /** Child vectors; only moved, never computed with. */
  NESTED(0);

  private final int width;

  Layout(int width) {
    this.width = width;
  }

  /** Bytes per value where that is a whole number, else 0. */
  public int width() {
    return width;
  }

  public static Layout of(SqlType type) {
    return switch (type.kind()) {
      case NULL -> NONE;
      case BOOLEAN -> BIT;
      case TINYINT -> INT8;
      case SMALLINT -> INT16;
      case INTEGER, DATE, INTERVAL_MONTHS -> INT32;
      case BIGINT, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MICROS -> INT64;
      case REAL -> FLOAT32;
      case DOUBLE -> FLOAT64;
      case DECIMAL -> INT128;
      case UUID -> FIXED16;
      case VARCHAR, VARBINARY -> BYTES;
      case ARRAY, ROW, MAP -> NESTED;
    };
  }
}
