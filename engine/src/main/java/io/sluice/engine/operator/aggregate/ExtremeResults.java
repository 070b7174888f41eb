package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.StringCells;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Least and greatest values. */
record ExtremeResults(SqlType type, ArgumentValues.Form form, int counts, int best)
    implements Finisher {
  @Override
  public FieldVector finish(GroupState state, int from, int count, BufferAllocator allocator) {
    Accumulator accumulator = state.accumulator(best);
    return Results.build(
        type,
        from,
        count,
        allocator,
        (vector, row, group) -> {
          if (state.count(counts).count(group) == 0) {
            return false;
          }
          switch (accumulator) {
            case ExtremeLong longs -> {
              if (form == ArgumentValues.Form.DOUBLE) {
                Results.setDouble(vector, row, OrderedLongs.toDouble(longs.value(group)));
              } else {
                Results.setLong(vector, row, longs.value(group));
              }
            }
            case ExtremeDecimal decimals ->
                Results.setDecimal(vector, row, decimals.low(group), decimals.high(group));
            case ExtremeBytes strings -> {
              BytesPerGroup bytes = strings.best();
              StringCells.set(vector, row, bytes.bytes(), bytes.start(group), bytes.length(group));
            }
            default -> throw new AssertionError(accumulator.getClass());
          }
          return true;
        });
  }
}
