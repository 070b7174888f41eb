package io.sluice.engine.operator.aggregate;

import io.sluice.engine.type.SqlType;
import java.math.BigInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Variances, covariances and correlations from exact sums: {@code (n * sum(xy) - sum(x) * sum(y)) /
 * n^2} as integers, so that nothing cancels, rounded once (before the square root of a standard
 * deviation).
 *
 * @param counts state with n
 * @param xs state with sum(x)
 * @param ys state with sum(y)
 * @param products state with sum(xy)
 * @param xSquares state with sum(xx), for correlations
 * @param ySquares state with sum(yy), for correlations
 */
record Moments(
    Result result,
    SqlType type,
    int counts,
    int xs,
    int ys,
    int products,
    int xSquares,
    int ySquares)
    implements Finisher {
  /** What is wanted. */
  enum Result {
    VAR_POP,
    VAR_SAMP,
    STDDEV_POP,
    STDDEV_SAMP,
    COVAR_POP,
    COVAR_SAMP,
    CORR
  }

  /** Of two, of the integers that sums and products count in. */
  static final int UNIT = -2148;

  @Override
  public FieldVector finish(GroupState state, int from, int count, BufferAllocator allocator) {
    return Results.build(
        type,
        from,
        count,
        allocator,
        (vector, row, group) -> {
          long n = state.count(counts).count(group);
          if (n == 0 || (n == 1 && isSample())) {
            return false;
          }
          double value = isFinite(state, group) ? value(state, group, n) : Double.NaN;
          if (result == Result.CORR && Double.isNaN(value) && isFinite(state, group)) {
            return false;
          }
          Results.setDouble(vector, row, value);
          return true;
        });
  }

  private boolean isSample() {
    return switch (result) {
      case VAR_SAMP, STDDEV_SAMP, COVAR_SAMP -> true;
      case VAR_POP, STDDEV_POP, COVAR_POP, CORR -> false;
    };
  }

  private boolean isFinite(GroupState state, int group) {
    return sums(state, xs).special(group) == 0 && sums(state, ys).special(group) == 0;
  }

  private static ExactSums sums(GroupState state, int index) {
    return ((FloatSum) state.accumulator(index)).sums();
  }

  private double value(GroupState state, int group, long n) {
    BigInteger rows = BigInteger.valueOf(n);
    BigInteger spread = spread(state, group, rows, xs, ys, products);
    if (result == Result.CORR) {
      BigInteger x = spread(state, group, rows, xs, xs, xSquares);
      BigInteger y = spread(state, group, rows, ys, ys, ySquares);
      if (x.signum() == 0 || y.signum() == 0) {
        return Double.NaN;
      }
      double squared = Ratio.of(spread.multiply(spread), x.multiply(y), 0);
      return spread.signum() < 0 ? -Math.sqrt(squared) : Math.sqrt(squared);
    }
    BigInteger divisor = rows.multiply(isSample() ? rows.subtract(BigInteger.ONE) : rows);
    double value = Ratio.of(spread, divisor, UNIT);
    return result == Result.STDDEV_POP || result == Result.STDDEV_SAMP ? Math.sqrt(value) : value;
  }

  /** {@code n * sum(ab) - sum(a) * sum(b)} in units of 2^{@link #UNIT}. */
  private static BigInteger spread(
      GroupState state, int group, BigInteger rows, int as, int bs, int abs) {
    BigInteger a = integer(sums(state, as), group, UNIT / 2);
    BigInteger b = as == bs ? a : integer(sums(state, bs), group, UNIT / 2);
    return rows.multiply(integer(sums(state, abs), group, UNIT)).subtract(a.multiply(b));
  }

  /** An exact sum in units of 2^unit. */
  static BigInteger integer(ExactSums sums, int group, int unit) {
    ExactValue value = sums.newValue();
    sums.read(group, value);
    return value.isZero() ? BigInteger.ZERO : value.integer().shiftLeft(value.exponent() - unit);
  }
}
