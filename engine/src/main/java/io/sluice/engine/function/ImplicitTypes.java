package io.sluice.engine.function;

import io.sluice.engine.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which conversions happen without a CAST, and the type that several have in common. */
public final class ImplicitTypes {
  private ImplicitTypes() {}

  /** Decimal digits that hold every value of an integer type. */
  public static SqlType.Decimal decimal(SqlType integer) {
    return switch (integer.kind()) {
      case TINYINT -> new SqlType.Decimal(3, 0);
      case SMALLINT -> new SqlType.Decimal(5, 0);
      case INTEGER -> new SqlType.Decimal(10, 0);
      case BIGINT -> new SqlType.Decimal(19, 0);
      default -> throw new AssertionError(integer);
    };
  }

  static boolean convertible(List<SqlType> from, List<SqlType> to) {
    if (from.size() != to.size()) {
      return false;
    }
    for (int i = 0; i < from.size(); i++) {
      if (!convertible(from.get(i), to.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code from} becomes {@code to} without a CAST. */
  public static boolean convertible(SqlType from, SqlType to) {
    if (from.equals(to) || from.kind() == SqlType.Kind.NULL) {
      return true;
    }
    return to.equals(common(from, to));
  }

  /**
   * The least type to which both convert without a CAST, or null. Decimals with more digits than 38
   * keep the scale. A zoned and a zone-less timestamp have none.
   */
  public static @Nullable SqlType common(SqlType a, SqlType b) {
    if (a.equals(b) || b.kind() == SqlType.Kind.NULL) {
      return a;
    }
    if (a.kind() == SqlType.Kind.NULL) {
      return b;
    }
    if (a.isInteger() && b.isInteger()) {
      return a.kind().compareTo(b.kind()) >= 0 ? a : b;
    }
    if (a.isNumeric() && b.isNumeric()) {
      if (a.isFloating() || b.isFloating()) {
        return floating(a, b);
      }
      return decimal(asDecimal(a), asDecimal(b));
    }
    if (a instanceof SqlType.Timestamp x && b instanceof SqlType.Timestamp y) {
      return x.zoned() != y.zoned()
          ? null
          : new SqlType.Timestamp(Math.max(x.precision(), y.precision()), x.zoned());
    }
    if (a instanceof SqlType.Timestamp x && b.kind() == SqlType.Kind.DATE && !x.zoned()) {
      return a;
    }
    if (b instanceof SqlType.Timestamp y && a.kind() == SqlType.Kind.DATE && !y.zoned()) {
      return b;
    }
    return null;
  }

  /** As {@link #common(SqlType, SqlType)} over all. */
  public static @Nullable SqlType common(List<SqlType> types) {
    SqlType result = SqlType.NULL;
    for (SqlType type : types) {
      SqlType next = common(result, type);
      if (next == null) {
        return null;
      }
      result = next;
    }
    return result;
  }

  static SqlType.Decimal asDecimal(SqlType exact) {
    return exact instanceof SqlType.Decimal decimal ? decimal : decimal(exact);
  }

  private static SqlType floating(SqlType a, SqlType b) {
    boolean real = narrow(a) && narrow(b);
    return real ? SqlType.REAL : SqlType.DOUBLE;
  }

  /** Whether every value of the type is a REAL. */
  private static boolean narrow(SqlType type) {
    return switch (type.kind()) {
      case REAL, TINYINT, SMALLINT -> true;
      default -> false;
    };
  }

  private static SqlType.Decimal decimal(SqlType.Decimal a, SqlType.Decimal b) {
    int scale = Math.max(a.scale(), b.scale());
    int integer = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
    return new SqlType.Decimal(Math.min(SqlType.Decimal.MAX_PRECISION, integer + scale), scale);
  }
}
