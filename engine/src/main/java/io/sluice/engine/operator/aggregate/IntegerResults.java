package io.sluice.engine.operator.aggregate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Sums of integers, decimals and intervals; an error where the type cannot hold one. */
record IntegerResults(SqlType type, SqlType input, int counts, int sums) implements Finisher {
  private static final BigInteger DECIMAL_LIMIT = BigInteger.TEN.pow(SqlType.Decimal.MAX_PRECISION);

  @Override
  public FieldVector finish(GroupState state, int from, int count, BufferAllocator allocator) {
    IntegerSum sum = (IntegerSum) state.accumulator(sums);
    return Results.build(
        type,
        from,
        count,
        allocator,
        (vector, row, group) -> {
          if (state.count(counts).count(group) == 0) {
            return false;
          }
          if (type instanceof SqlType.Decimal) {
            setDecimal(sum, vector, row, group);
          } else if (sum.fits64(group) && fitsType(sum.low(group))) {
            Results.setLong(vector, row, sum.low(group));
          } else {
            throw overflow(sum.integer(group).toString());
          }
          return true;
        });
  }

  private boolean fitsType(long value) {
    return switch (type.kind()) {
      case INTEGER, INTERVAL_MONTHS -> value == (int) value;
      default -> true;
    };
  }

  private void setDecimal(IntegerSum sum, FieldVector vector, int row, int group) {
    // less than 38 digits for sure where the upper word is small
    boolean small = sum.fits128(group) && Math.abs(sum.high(group) + 1) < 1L << 60;
    if (!small) {
      BigInteger integer = sum.integer(group);
      if (integer.abs().compareTo(DECIMAL_LIMIT) >= 0) {
        int scale = input instanceof SqlType.Decimal decimal ? decimal.scale() : 0;
        throw overflow(new BigDecimal(integer, scale).toPlainString());
      }
    }
    Results.setDecimal(vector, row, sum.low(group), sum.high(group));
  }

  private EngineException overflow(String value) {
    return new EngineException(
        ErrorCode.NUMERIC_OVERFLOW,
        "SUM of " + input.sql() + " is " + value + ", which " + type.sql() + " cannot hold");
  }
}
