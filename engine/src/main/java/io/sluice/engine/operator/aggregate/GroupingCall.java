package io.sluice.engine.operator.aggregate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.plan.AggregateCall;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/**
 * GROUPING(c1, c2, ...): one bit per column, the first the highest, set where the column is absent
 * from the row's grouping set.
 */
final class GroupingCall {
  private GroupingCall() {}

  static Finisher compile(AggregateCall call, AggregateProgram program) {
    long[] values = new long[program.groupingSets().size()];
    for (int set = 0; set < values.length; set++) {
      for (int column : call.arguments()) {
        int position = program.groups().indexOf(column);
        if (position < 0) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT, "GROUPING takes columns of GROUP BY");
        }
        boolean absent = !program.groupingSets().get(set).contains(position);
        values[set] = (values[set] << 1) | (absent ? 1 : 0);
      }
    }
    return (state, from, count, allocator) -> {
      if (!program.numbersSets()) {
        return Results.build(
            call.type(),
            from,
            count,
            allocator,
            (vector, row, group) -> {
              Results.setLong(vector, row, values[0]);
              return true;
            });
      }
      try (FieldVector sets = state.keys(0, from, count, allocator)) {
        return Results.build(
            call.type(),
            from,
            count,
            allocator,
            (vector, row, group) -> {
              Results.setLong(vector, row, values[((IntVector) sets).get(row)]);
              return true;
            });
      }
    };
  }
}
