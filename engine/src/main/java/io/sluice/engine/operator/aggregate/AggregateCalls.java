package io.sluice.engine.operator.aggregate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.operator.aggregate.AccumulatorSpec.Kind;
import io.sluice.engine.plan.AggregateCall;
import io.sluice.engine.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;

/** Aggregate calls to the states they keep and the finisher that reads them. */
final class AggregateCalls {
  private AggregateCalls() {}

  /**
   * @throws EngineException UNKNOWN_FUNCTION
   */
  static Finisher compile(AggregateCall call, AggregateProgram program) {
    return switch (AggregateRegistry.canonicalName(call.function())) {
      case "count" -> count(call, program);
      case "sum" -> sum(call, program);
      case "avg" -> average(call, program);
      case "min", "any_value", "bool_and" -> extreme(call, program, false);
      case "max", "bool_or" -> extreme(call, program, true);
      case "single_value" -> single(call, program);
      case "bit_and" -> bits(call, program, Kind.BIT_AND);
      case "bit_or" -> bits(call, program, Kind.BIT_OR);
      case "bit_xor" -> bits(call, program, Kind.BIT_XOR);
      case "arg_min" -> argument(call, program, Kind.ARGUMENT_OF_LEAST);
      case "arg_max" -> argument(call, program, Kind.ARGUMENT_OF_GREATEST);
      case "var_pop" -> moments(call, program, Moments.Result.VAR_POP);
      case "var_samp" -> moments(call, program, Moments.Result.VAR_SAMP);
      case "stddev_pop" -> moments(call, program, Moments.Result.STDDEV_POP);
      case "stddev_samp" -> moments(call, program, Moments.Result.STDDEV_SAMP);
      case "covar_pop" -> moments(call, program, Moments.Result.COVAR_POP);
      case "covar_samp" -> moments(call, program, Moments.Result.COVAR_SAMP);
      case "corr" -> moments(call, program, Moments.Result.CORR);
      case "median" -> median(call, program);
      case "mode" -> mode(call, program);
      case "content_sum" -> contentSum(call, program);
      case "column_profile" -> columnProfile(call, program);
      case "grouping" -> GroupingCall.compile(call, program);
      default ->
          throw new EngineException(
              ErrorCode.UNKNOWN_FUNCTION, "there is no aggregate " + call.function());
    };
  }

  private static int slot(AggregateCall call, AggregateProgram program, boolean asDouble) {
    return program.slot(new Slot(call.arguments(), asDouble, call.distinct(), call.filter()));
  }

  /** For aggregates to which repeated values are the same as one. */
  private static int slotOfAll(AggregateCall call, AggregateProgram program) {
    return program.slot(new Slot(call.arguments(), false, false, call.filter()));
  }

  private static Finisher count(AggregateCall call, AggregateProgram program) {
    int counts = program.accumulator(new AccumulatorSpec(Kind.COUNT, slot(call, program, false)));
    return (state, from, count, allocator) ->
        Results.build(
            call.type(),
            from,
            count,
            allocator,
            (vector, row, group) -> {
              Results.setLong(vector, row, state.count(counts).count(group));
              return true;
            });
  }

  /** The words that hold any sum of the type's values. */
  private static Kind sumKind(SqlType type) {
    return switch (type) {
      // 10^27 times 10^11 rows is less than 2^127
      case SqlType.Decimal decimal when decimal.precision() > 27 -> Kind.SUM_THREE_WORDS;
      case SqlType.Decimal ignored -> Kind.SUM_TWO_WORDS;
      default ->
          switch (type.kind()) {
            case BIGINT, INTERVAL_MICROS -> Kind.SUM_TWO_WORDS;
            default -> Kind.SUM_ONE_WORD;
          };
    };
  }

  private static Finisher sum(AggregateCall call, AggregateProgram program) {
    SqlType input = program.inputType(call.arguments().getFirst());
    int slot = slot(call, program, false);
    int counts = program.accumulator(new AccumulatorSpec(Kind.COUNT, slot));
    if (input.isFloating()) {
      int sums = program.accumulator(new AccumulatorSpec(Kind.FLOAT_SUM, slot));
      return new FloatResults(call.type(), counts, sums, false);
    }
    int sums = program.accumulator(new AccumulatorSpec(sumKind(input), slot));
    return new IntegerResults(call.type(), input, counts, sums);
  }

  private static Finisher average(AggregateCall call, AggregateProgram program) {
    SqlType input = program.inputType(call.arguments().getFirst());
    int slot = slot(call, program, false);
    int counts = program.accumulator(new AccumulatorSpec(Kind.COUNT, slot));
    if (input.isFloating()) {
      int sums = program.accumulator(new AccumulatorSpec(Kind.FLOAT_SUM, slot));
      return new FloatResults(call.type(), counts, sums, true);
    }
    int sums = program.accumulator(new AccumulatorSpec(sumKind(input), slot));
    return new AverageResults(call.type(), input, counts, sums);
  }

  private static Finisher extreme(AggregateCall call, AggregateProgram program, boolean greatest) {
    int slot = slotOfAll(call, program);
    int counts = program.accumulator(new AccumulatorSpec(Kind.COUNT, slot));
    ArgumentValues.Form form =
        ArgumentValues.Form.of(program.inputType(call.arguments().getFirst()));
    Kind kind = extremeKind(program.inputType(call.arguments().getFirst()), greatest);
    int best = program.accumulator(new AccumulatorSpec(kind, slot));
    return new ExtremeResults(call.type(), form, counts, best);
  }

  /** What keeps the least or the greatest of values of a type. */
  static Kind extremeKind(SqlType type, boolean greatest) {
    return switch (ArgumentValues.Form.of(type)) {
      case LONG, DOUBLE -> greatest ? Kind.GREATEST_LONG : Kind.LEAST_LONG;
      case DECIMAL -> greatest ? Kind.GREATEST_DECIMAL : Kind.LEAST_DECIMAL;
      case BYTES -> greatest ? Kind.GREATEST_BYTES : Kind.LEAST_BYTES;
    };
  }

  private static Finisher single(AggregateCall call, AggregateProgram program) {
    Finisher value = extreme(call, program, false);
    int rows = program.slot(new Slot(List.of(), false, false, call.filter()));
    int counts = program.accumulator(new AccumulatorSpec(Kind.COUNT, rows));
    return (state, from, count, allocator) -> {
      for (int group = from; group < from + count; group++) {
        if (state.count(counts).count(group) > 1) {
          throw new EngineException(
              ErrorCode.SUBQUERY_MULTIPLE_ROWS,
              "a sub-query that stands for one value gave "
                  + state.count(counts).count(group)
                  + " rows; aggregate them, or use LIMIT 1 with an ORDER BY");
        }
      }
      return value.finish(state, from, count, allocator);
    };
  }

  private static Finisher bits(AggregateCall call, AggregateProgram program, Kind kind) {
    int slot = slot(call, program, false);
    int counts = program.accumulator(new AccumulatorSpec(Kind.COUNT, slot));
    int bits = program.accumulator(new AccumulatorSpec(kind, slot));
    return (state, from, count, allocator) ->
        Results.build(
            call.type(),
            from,
            count,
            allocator,
            (vector, row, group) -> {
              if (state.count(counts).count(group) == 0) {
                return false;
              }
              Results.setLong(vector, row, ((BitSum) state.accumulator(bits)).value(group));
              return true;
            });
  }

  private static Finisher argument(AggregateCall call, AggregateProgram program, Kind kind) {
    int best = program.accumulator(new AccumulatorSpec(kind, slotOfAll(call, program)));
    ArgumentValues.Form form =
        ArgumentValues.Form.of(program.inputType(call.arguments().getFirst()));
    return (state, from, count, allocator) ->
        Results.build(
            call.type(),
            from,
            count,
            allocator,
            (vector, row, group) ->
                ((ArgumentExtreme) state.accumulator(best)).set(group, form, vector, row));
  }

  private static Finisher median(AggregateCall call, AggregateProgram program) {
    SqlType input = program.inputType(call.arguments().getFirst());
    int slot = slot(call, program, !ColumnProfiles.isWord(input));
    int medians = program.accumulator(new AccumulatorSpec(Kind.MEDIAN, slot));
    return new MedianResults(call.type(), input, medians);
  }

  private static Finisher mode(AggregateCall call, AggregateProgram program) {
    int slot = slot(call, program, false);
    int counts = program.accumulator(new AccumulatorSpec(Kind.COUNT, slot));
    int modes = program.accumulator(new AccumulatorSpec(Kind.MODE, slot));
    ArgumentValues.Form form =
        ArgumentValues.Form.of(program.inputType(call.arguments().getFirst()));
    return (state, from, count, allocator) -> {
      Accumulator values = ((ModeCounts) state.accumulator(modes)).modes();
      return Results.build(
          call.type(),
          from,
          count,
          allocator,
          (vector, row, group) -> {
            if (values == null || state.count(counts).count(group) == 0) {
              return false;
            }
            ExtremeResults.set(values, form, group, vector, row);
            return true;
          });
    };
  }

  private static Finisher contentSum(AggregateCall call, AggregateProgram program) {
    int slot = slot(call, program, false);
    int sums = program.accumulator(new AccumulatorSpec(Kind.CONTENT_SUM, slot));
    return (state, from, count, allocator) -> {
      byte[] sum = new byte[ContentSum.BYTES];
      return Results.build(
          call.type(),
          from,
          count,
          allocator,
          (vector, row, group) -> {
            ((ContentSum) state.accumulator(sums)).write(group, sum);
            ((VarBinaryVector) vector).setSafe(row, sum);
            return true;
          });
    };
  }

  private static Finisher columnProfile(AggregateCall call, AggregateProgram program) {
    SqlType type = program.inputType(call.arguments().getFirst());
    // what is no word is described as a double too, where it is a number
    int slot = slot(call, program, !ColumnProfiles.isWord(type));
    int profiles = program.accumulator(new AccumulatorSpec(Kind.COLUMN_PROFILE, slot));
    int all = program.slot(new Slot(List.of(), false, false, call.filter()));
    int rows = program.accumulator(new AccumulatorSpec(Kind.COUNT, all));
    int values = program.accumulator(new AccumulatorSpec(Kind.COUNT, slotOfAll(call, program)));
    return (state, from, count, allocator) ->
        Results.build(
            call.type(),
            from,
            count,
            allocator,
            (vector, row, group) -> {
              long total = state.count(rows).count(group);
              long nulls = total - state.count(values).count(group);
              String json =
                  ((ColumnProfiles) state.accumulator(profiles)).json(group, type, total, nulls);
              ((VarCharVector) vector).setSafe(row, json.getBytes(StandardCharsets.UTF_8));
              return true;
            });
  }

  private static Finisher moments(
      AggregateCall call, AggregateProgram program, Moments.Result result) {
    int slot = slot(call, program, true);
    boolean two = call.arguments().size() == 2;
    int y = two ? 1 : 0;
    return new Moments(
        result,
        call.type(),
        program.accumulator(new AccumulatorSpec(Kind.COUNT, slot)),
        program.accumulator(new AccumulatorSpec(Kind.FLOAT_SUM, slot, 0, -1)),
        program.accumulator(new AccumulatorSpec(Kind.FLOAT_SUM, slot, y, -1)),
        program.accumulator(new AccumulatorSpec(Kind.FLOAT_PRODUCTS, slot, 0, y)),
        result == Moments.Result.CORR
            ? program.accumulator(new AccumulatorSpec(Kind.FLOAT_PRODUCTS, slot, 0, 0))
            : -1,
        result == Moments.Result.CORR
            ? program.accumulator(new AccumulatorSpec(Kind.FLOAT_PRODUCTS, slot, y, y))
            : -1);
  }
}
