package io.sluice.engine.type;

import java.util.List;

/**
 * A SQL type, without nullability. Each has exactly one Arrow layout, given by {@link ArrowTypes}.
 */
public sealed interface SqlType {
  SqlType NULL = new Simple(Kind.NULL);
  SqlType BOOLEAN = new Simple(Kind.BOOLEAN);
  SqlType TINYINT = new Simple(Kind.TINYINT);
  SqlType SMALLINT = new Simple(Kind.SMALLINT);
  SqlType INTEGER = new Simple(Kind.INTEGER);
  SqlType BIGINT = new Simple(Kind.BIGINT);
  SqlType REAL = new Simple(Kind.REAL);
  SqlType DOUBLE = new Simple(Kind.DOUBLE);
  SqlType VARCHAR = new Simple(Kind.VARCHAR);
  SqlType VARBINARY = new Simple(Kind.VARBINARY);
  SqlType DATE = new Simple(Kind.DATE);

  /** Microseconds of the day. */
  SqlType TIME = new Simple(Kind.TIME);

  /** Months. */
  SqlType INTERVAL_MONTHS = new Simple(Kind.INTERVAL_MONTHS);

  /** Microseconds. */
  SqlType INTERVAL_MICROS = new Simple(Kind.INTERVAL_MICROS);

  SqlType UUID = new Simple(Kind.UUID);
  SqlType TIMESTAMP = new Timestamp(6, false);
  SqlType TIMESTAMP_TZ = new Timestamp(6, true);

  /** What a switch distinguishes. */
  enum Kind {
    NULL,
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INTEGER,
    BIGINT,
    DECIMAL,
    REAL,
    DOUBLE,
    VARCHAR,
    VARBINARY,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMP_TZ,
    INTERVAL_MONTHS,
    INTERVAL_MICROS,
    UUID,
    ARRAY,
    ROW,
    MAP
  }

  Kind kind();

  /** The name in SQL with its parameters, as in {@code DECIMAL(10, 2)}. */
  String sql();

  /** A type without parameters. */
  record Simple(Kind kind) implements SqlType {
    @Override
    public String sql() {
      return switch (kind) {
        case TIME -> "TIME(6)";
        case INTERVAL_MONTHS -> "INTERVAL YEAR TO MONTH";
        case INTERVAL_MICROS -> "INTERVAL DAY TO SECOND";
        default -> kind.name();
      };
    }

    @Override
    public String toString() {
      return sql();
    }
  }

  /** Precision 1 to 38, scale 0 to precision; 128 bits, unscaled. */
  record Decimal(int precision, int scale) implements SqlType {
    public static final int MAX_PRECISION = 38;

    public Decimal {
      if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
        throw new IllegalArgumentException("DECIMAL(" + precision + ", " + scale + ")");
      }
    }

    @Override
    public Kind kind() {
      return Kind.DECIMAL;
    }

    @Override
    public String sql() {
      return "DECIMAL(" + precision + ", " + scale + ")";
    }

    @Override
    public String toString() {
      return sql();
    }
  }

  /** Microseconds (precision 6) or nanoseconds (precision 9) since 1970-01-01, in UTC if zoned. */
  record Timestamp(int precision, boolean zoned) implements SqlType {
    public Timestamp {
      if (precision != 6 && precision != 9) {
        throw new IllegalArgumentException("timestamp precision " + precision);
      }
    }

    @Override
    public Kind kind() {
      return zoned ? Kind.TIMESTAMP_TZ : Kind.TIMESTAMP;
    }

    @Override
    public String sql() {
      return "TIMESTAMP(" + precision + ")" + (zoned ? " WITH TIME ZONE" : "");
    }

    @Override
    public String toString() {
      return sql();
    }
  }

  /** Elements may be NULL. */
  record Array(SqlType element) implements SqlType {
    @Override
    public Kind kind() {
      return Kind.ARRAY;
    }

    @Override
    public String sql() {
      return element.sql() + " ARRAY";
    }

    @Override
    public String toString() {
      return sql();
    }
  }

  /** Named fields in order. */
  record Row(List<Field> fields) implements SqlType {
    public Row {
      fields = List.copyOf(fields);
    }

    /** One field of a row. */
    public record Field(String name, SqlType type) {}

    @Override
    public Kind kind() {
      return Kind.ROW;
    }

    @Override
    public String sql() {
      StringBuilder out = new StringBuilder("ROW(");
      for (int i = 0; i < fields.size(); i++) {
        out.append(i == 0 ? "" : ", ").append('"');
        out.append(fields.get(i).name().replace("\"", "\"\"")).append("\" ");
        out.append(fields.get(i).type().sql());
      }
      return out.append(')').toString();
    }

    @Override
    public String toString() {
      return sql();
    }
  }

  /** Keys are never NULL. */
  record Map(SqlType key, SqlType value) implements SqlType {
    @Override
    public Kind kind() {
      return Kind.MAP;
    }

    @Override
    public String sql() {
      return "MAP(" + key.sql() + ", " + value.sql() + ")";
    }

    @Override
    public String toString() {
      return sql();
    }
  }

  /** Whether values are TINYINT to BIGINT. */
  default boolean isInteger() {
    return switch (kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  /** Whether values are integers, decimals or floating. */
  default boolean isNumeric() {
    return isInteger() || isFloating() || kind() == Kind.DECIMAL;
  }

  /** Whether values are REAL or DOUBLE. */
  default boolean isFloating() {
    return kind() == Kind.REAL || kind() == Kind.DOUBLE;
  }

  /** Whether values are arrays, rows or maps. */
  default boolean isNested() {
    return switch (kind()) {
      case ARRAY, ROW, MAP -> true;
      default -> false;
    };
  }
}
