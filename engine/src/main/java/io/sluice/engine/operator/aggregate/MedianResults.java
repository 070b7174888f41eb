package io.sluice.engine.operator.aggregate;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Means of the two middle values: DOUBLE of numbers, rounded once; of times the same type, rounded
 * down.
 *
 * @param input the type of the values
 */
record MedianResults(SqlType type, SqlType input, int medians) implements Finisher {
  @Override
  public FieldVector finish(GroupState state, int from, int count, BufferAllocator allocator) {
    MedianValues values = (MedianValues) state.accumulator(medians);
    long[] middle = new long[2];
    return Results.build(
        type,
        from,
        count,
        allocator,
        (vector, row, group) -> {
          if (values.count(group) == 0) {
            return false;
          }
          values.middle(group, middle);
          if (input.isNumeric()) {
            Results.setDouble(vector, row, mean(middle[0], middle[1]));
          } else {
            Results.setLong(vector, row, floorMean(middle[0], middle[1]));
          }
          return true;
        });
  }

  private double mean(long a, long b) {
    if (input.isFloating() || !ColumnProfiles.isWord(input)) {
      double low = OrderedLongs.toDouble(a);
      double high = OrderedLongs.toDouble(b);
      double sum = low + high;
      // of large values the halves are exact
      return low == high ? low : Double.isInfinite(sum) ? low / 2 + high / 2 : sum / 2;
    }
    BigInteger sum = BigInteger.valueOf(a).add(BigInteger.valueOf(b));
    int scale = input instanceof SqlType.Decimal decimal ? decimal.scale() : 0;
    return new BigDecimal(sum, scale).divide(BigDecimal.TWO).doubleValue();
  }

  private static long floorMean(long a, long b) {
    return (a & b) + ((a ^ b) >> 1);
  }
}
