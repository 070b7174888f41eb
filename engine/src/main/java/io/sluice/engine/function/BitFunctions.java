package io.sluice.engine.function;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Integers as bits in two's complement. */
final class BitFunctions {
  private BitFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Bits");
    binary(
        family,
        "bitwise_and",
        "The bits that both have.",
        "bitwise_and(6, 3) = 2",
        (a, b) -> a & b);
    binary(
        family, "bitwise_or", "The bits that either has.", "bitwise_or(6, 3) = 7", (a, b) -> a | b);
    binary(
        family,
        "bitwise_xor",
        "The bits that one of both has.",
        "bitwise_xor(6, 3) = 5",
        (a, b) -> a ^ b);
    family.add(
        "bitwise_not",
        1,
        1,
        "bitwise_not(a)",
        "The bits that a has not.",
        "bitwise_not(0) = -1",
        types -> {
          SqlType type = integer(types.getFirst());
          return type == null
              ? null
              : bound(
                  "bitwise_not",
                  List.of(type),
                  type,
                  true,
                  RowLoops.longs((arguments, row) -> ~IntegerLoops.get(arguments[0], row)));
        });
    shift(
        family,
        "bitwise_left_shift",
        "a with its bits moved up by n places; what leaves is lost.",
        "bitwise_left_shift(1, 4) = 16",
        true);
    shift(
        family,
        "bitwise_right_shift",
        "a with its bits moved down by n places; the sign stays.",
        "bitwise_right_shift(16, 4) = 1",
        false);
    family.add(
        "bit_count",
        1,
        1,
        "bit_count(a)",
        "The number of bits that are set.",
        "bit_count(7) = 3",
        types -> {
          SqlType type = integer(types.getFirst());
          return type == null ? null : bitCount(type);
        });
    return family.functions();
  }

  private static @Nullable SqlType integer(SqlType type) {
    return type.kind() == SqlType.Kind.NULL ? SqlType.BIGINT : type.isInteger() ? type : null;
  }

  private static BoundFunction bound(
      String name, List<SqlType> types, SqlType type, boolean infallible, Kernel kernel) {
    return new BoundFunction(name, types, type, true, infallible, KernelFactory.of(kernel));
  }

  private static void binary(
      FunctionFamily family,
      String name,
      String text,
      String example,
      LongBinaryOperator operator) {
    Kernel kernel =
        RowLoops.longs(
            (arguments, row) ->
                operator.applyAsLong(
                    IntegerLoops.get(arguments[0], row), IntegerLoops.get(arguments[1], row)));
    family.add(
        name,
        2,
        2,
        name + "(a, b)",
        text,
        example,
        types -> {
          SqlType common = ImplicitTypes.common(types);
          SqlType type = common == null ? null : integer(common);
          return type == null ? null : bound(name, List.of(type, type), type, true, kernel);
        });
  }

  private static void shift(
      FunctionFamily family, String name, String text, String example, boolean left) {
    Kernel kernel =
        RowLoops.longs(
            (arguments, row) -> {
              long value = IntegerLoops.get(arguments[0], row);
              long places = IntegerLoops.get(arguments[1], row);
              if (places < 0) {
                throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT, name + ": a shift by " + places + " places");
              }
              if (left) {
                return places > 63 ? 0 : value << places;
              }
              return value >> Math.min(places, 63);
            });
    family.add(
        name,
        2,
        2,
        name + "(a, n)",
        text,
        example,
        types -> {
          SqlType type = integer(types.get(0));
          return type == null || !ImplicitTypes.convertible(types.get(1), SqlType.BIGINT)
              ? null
              : bound(name, List.of(type, SqlType.BIGINT), type, false, kernel);
        });
  }

  private static BoundFunction bitCount(SqlType type) {
    long mask =
        switch (type.kind()) {
          case TINYINT -> 0xffL;
          case SMALLINT -> 0xffffL;
          case INTEGER -> 0xffffffffL;
          default -> -1L;
        };
    return bound(
        "bit_count",
        List.of(type),
        SqlType.INTEGER,
        true,
        RowLoops.longs(
            (arguments, row) -> Long.bitCount(IntegerLoops.get(arguments[0], row) & mask)));
  }
}
