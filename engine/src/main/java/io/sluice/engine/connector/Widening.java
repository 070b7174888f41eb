package io.sluice.engine.connector;

import io.sluice.engine.type.SqlType;
import java.util.List;

/** Types into which a stored column can change without a file being rewritten. */
final class Widening {
  private static final List<SqlType> INTEGERS =
      List.of(SqlType.TINYINT, SqlType.SMALLINT, SqlType.INTEGER, SqlType.BIGINT);

  private Widening() {}

  /** Whether every value of a type is one of the other, and files may hold either. */
  static boolean isWider(SqlType from, SqlType to) {
    if (from.equals(to)) {
      return true;
    }
    int place = INTEGERS.indexOf(from);
    if (place >= 0) {
      return INTEGERS.indexOf(to) > place;
    }
    if (from instanceof SqlType.Decimal old && to instanceof SqlType.Decimal wide) {
      return wide.scale() == old.scale() && wide.precision() > old.precision();
    }
    return from.equals(SqlType.REAL) && to.equals(SqlType.DOUBLE);
  }

  /** What a type may change into, as text. */
  static String of(SqlType from) {
    int place = INTEGERS.indexOf(from);
    if (place >= 0 && place < INTEGERS.size() - 1) {
      List<String> wider =
          INTEGERS.subList(place + 1, INTEGERS.size()).stream().map(SqlType::sql).toList();
      return from.sql() + " may become " + String.join(" or ", wider);
    }
    if (from instanceof SqlType.Decimal decimal) {
      return from.sql()
          + " may become a DECIMAL with more digits and the same scale of "
          + decimal.scale();
    }
    return from.equals(SqlType.REAL) ? "REAL may become DOUBLE" : from.sql() + " has no wider type";
  }
}
