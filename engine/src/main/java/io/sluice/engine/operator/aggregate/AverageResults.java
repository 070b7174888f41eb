package io.sluice.engine.operator.aggregate;

import io.sluice.engine.type.SqlType;
import java.math.BigInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Averages of integers and decimals: the exact quotient, rounded once. */
record AverageResults(SqlType type, SqlType input, int counts, int sums) implements Finisher {
  @Override
  public FieldVector finish(GroupState state, int from, int count, BufferAllocator allocator) {
    IntegerSum sum = (IntegerSum) state.accumulator(sums);
    int scale = input instanceof SqlType.Decimal decimal ? decimal.scale() : 0;
    BigInteger unit = BigInteger.TEN.pow(scale);
    return Results.build(
        type,
        from,
        count,
        allocator,
        (vector, row, group) -> {
          long rows = state.count(counts).count(group);
          if (rows == 0) {
            return false;
          }
          BigInteger divisor = unit.multiply(BigInteger.valueOf(rows));
          double average =
              sum.fits64(group) && divisor.bitLength() < Long.SIZE
                  ? Ratio.of(sum.low(group), divisor.longValue())
                  : Ratio.of(sum.integer(group), divisor, 0);
          Results.setDouble(vector, row, average);
          return true;
        });
  }
}
