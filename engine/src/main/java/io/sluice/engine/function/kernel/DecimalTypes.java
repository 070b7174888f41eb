package io.sluice.engine.function.kernel;

import io.sluice.engine.type.SqlType;

/** Precision and scale of the results of exact arithmetic. */
public final class DecimalTypes {
  private static final int MAX = SqlType.Decimal.MAX_PRECISION;

  /** Digits after the point that a quotient keeps even where the digits before it are many. */
  private static final int MIN_QUOTIENT_SCALE = 16;

  private DecimalTypes() {}

  public static int scale(SqlType type) {
    return ((SqlType.Decimal) type).scale();
  }

  public static int precision(SqlType type) {
    return ((SqlType.Decimal) type).precision();
  }

  /** Of a sum or difference: one more digit than the longer operand, at most 38. */
  public static SqlType.Decimal sum(SqlType.Decimal a, SqlType.Decimal b) {
    int scale = Math.max(a.scale(), b.scale());
    int integer = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
    return new SqlType.Decimal(Math.min(MAX, integer + scale + 1), scale);
  }

  /** Of a product: the digits of both, at most 38. */
  public static SqlType.Decimal product(SqlType.Decimal a, SqlType.Decimal b) {
    return new SqlType.Decimal(
        Math.min(MAX, a.precision() + b.precision()), Math.min(MAX, a.scale() + b.scale()));
  }

  /**
   * Of a quotient: the scale {@code max(6, s1 + p2 + 1)} and the digits before the point that may
   * occur. Where both exceed 38 digits the scale gives way, down to 16.
   */
  public static SqlType.Decimal quotient(SqlType.Decimal a, SqlType.Decimal b) {
    int integer = a.precision() - a.scale() + b.scale();
    int scale = Math.max(6, a.scale() + b.precision() + 1);
    if (integer + scale > MAX) {
      scale = Math.max(MAX - integer, Math.min(scale, MIN_QUOTIENT_SCALE));
    }
    scale = Math.min(scale, MAX);
    return new SqlType.Decimal(Math.max(1, Math.min(MAX, integer + scale)), scale);
  }

  /** Of a remainder: it is smaller than both operands. */
  public static SqlType.Decimal remainder(SqlType.Decimal a, SqlType.Decimal b) {
    int scale = Math.max(a.scale(), b.scale());
    int integer = Math.min(a.precision() - a.scale(), b.precision() - b.scale());
    return new SqlType.Decimal(Math.max(1, integer + scale), scale);
  }

  /** Whether no sum or difference of two values leaves the result's range. */
  static boolean holdsSum(SqlType a, SqlType b, SqlType result) {
    int integer = Math.max(precision(a) - scale(a), precision(b) - scale(b));
    return precision(result) - scale(result) > integer
        && scale(result) >= Math.max(scale(a), scale(b));
  }

  /** Whether no product of two values leaves the result's range. */
  static boolean holdsProduct(SqlType a, SqlType b, SqlType result) {
    return precision(result) >= precision(a) + precision(b);
  }
}
