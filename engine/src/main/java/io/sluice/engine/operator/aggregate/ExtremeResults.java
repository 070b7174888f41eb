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
    Accumulator extremes = state.accumulator(best);
    return Results.build(
        type,
        from,
        count,
        allocator,
        (vector, row, group) -> {
          if (state.count(counts).count(group) == 0) {
            return false;
          }
          set(extremes, form, group, vector, row);
          return true;
        });
  }

  /** Sets a row to the extreme of a group that has one. */
  static void set(
      Accumulator extremes, ArgumentValues.Form form, int group, FieldVector vector, int row) {
    switch (extremes) {
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
      default -> throw new AssertionError(extremes.getClass());
    }
  }
}
