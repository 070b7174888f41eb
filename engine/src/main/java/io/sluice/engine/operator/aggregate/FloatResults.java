package io.sluice.engine.operator.aggregate;

import io.sluice.engine.type.SqlType;
import java.math.BigInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Sums and averages of floats, each rounded once. */
record FloatResults(SqlType type, int counts, int sums, boolean average) implements Finisher {
  @Override
  public FieldVector finish(GroupState state, int from, int count, BufferAllocator allocator) {
    ExactSums exact = ((FloatSum) state.accumulator(sums)).sums();
    ExactValue value = exact.newValue();
    boolean real = type.kind() == SqlType.Kind.REAL;
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
          double special = exact.special(group);
          if (special != 0) {
            Results.setDouble(vector, row, special);
            return true;
          }
          exact.read(group, value);
          double result =
              average ? quotient(value, rows) : real ? value.toFloat() : value.toDouble();
          Results.setDouble(vector, row, result);
          return true;
        });
  }

  private static double quotient(ExactValue sum, long rows) {
    if (rows == 1 || sum.isExactDouble()) {
      // the quotient of two exact doubles is rounded once
      return sum.toDouble() / rows;
    }
    return Ratio.of(sum.integer(), BigInteger.valueOf(rows), sum.exponent());
  }
}
