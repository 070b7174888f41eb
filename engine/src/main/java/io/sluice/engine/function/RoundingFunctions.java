package io.sluice.engine.function;

import io.sluice.engine.function.kernel.DecimalLoops;
import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Rounding;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.type.SqlType;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Absolute values, signs and rounding, which keep the type's family. */
final class RoundingFunctions {
  private RoundingFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Rounding");
    family.add(
        "abs",
        1,
        1,
        "abs(a)",
        "The value without its sign.",
        "abs(-1) = 1",
        types -> absolute(types.getFirst()));
    family.add(
        "sign",
        1,
        1,
        "sign(a)",
        "-1, 0 or 1 as the value is below, at or above zero.",
        "sign(-2.5) = -1",
        types -> sign(types.getFirst()));
    whole(
        family,
        "ceil",
        "The least whole number that is not below.",
        "ceil(1.2) = 2",
        RoundingMode.CEILING);
    whole(
        family,
        "floor",
        "The greatest whole number that is not above.",
        "floor(-1.2) = -2",
        RoundingMode.FLOOR);
    digits(
        family,
        "round",
        "Rounded half away from zero to a whole number, or to n digits after the point.",
        "round(2.345, 2) = 2.35",
        RoundingMode.HALF_UP);
    digits(
        family,
        "trunc",
        "Cut to a whole number, or to n digits after the point.",
        "trunc(-1.7) = -1",
        RoundingMode.DOWN);
    return family.functions();
  }

  private static @Nullable SqlType number(SqlType type) {
    return type.kind() == SqlType.Kind.NULL ? SqlType.DOUBLE : type.isNumeric() ? type : null;
  }

  private static @Nullable BoundFunction absolute(SqlType given) {
    SqlType type = number(given);
    if (type == null) {
      return null;
    }
    Kernel kernel =
        type.isInteger()
            ? (arguments, out, count) -> IntegerLoops.absolute(arguments[0], out, count)
            : type.isFloating()
                ? RowLoops.doubles((arguments, row) -> Math.abs(FloatLoops.get(arguments[0], row)))
                : (arguments, out, count) -> DecimalLoops.absolute(arguments[0], out, count);
    return new BoundFunction(
        "abs", List.of(type), type, true, !type.isInteger(), KernelFactory.of(kernel));
  }

  private static @Nullable BoundFunction sign(SqlType given) {
    SqlType type = number(given);
    if (type == null) {
      return null;
    }
    Kernel kernel =
        type.isInteger()
            ? RowLoops.longs((arguments, row) -> Long.signum(IntegerLoops.get(arguments[0], row)))
            : type.isFloating()
                ? RowLoops.doubles(
                    (arguments, row) -> Math.signum(FloatLoops.get(arguments[0], row)))
                : Rounding.sign();
    SqlType result = type instanceof SqlType.Decimal ? new SqlType.Decimal(1, 0) : type;
    return new BoundFunction("sign", List.of(type), result, true, true, KernelFactory.of(kernel));
  }

  private static void whole(
      FunctionFamily family, String name, String text, String example, RoundingMode mode) {
    family.add(
        name, 1, 1, name + "(a)", text, example, types -> toWhole(name, types.getFirst(), mode));
  }

  private static void digits(
      FunctionFamily family, String name, String text, String example, RoundingMode mode) {
    family.add(
        name,
        1,
        2,
        name + "(a [, n])",
        text,
        example,
        types ->
            types.size() == 1
                ? toWhole(name, types.getFirst(), mode)
                : toDigits(name, types.get(0), types.get(1), mode));
  }

  private static @Nullable BoundFunction toWhole(String name, SqlType given, RoundingMode mode) {
    SqlType type = number(given);
    if (type == null) {
      return null;
    }
    Kernel kernel =
        type.isInteger()
            ? RowLoops.longs((arguments, row) -> IntegerLoops.get(arguments[0], row))
            : type.isFloating()
                ? RowLoops.doubles(
                    (arguments, row) -> Rounding.whole(FloatLoops.get(arguments[0], row), mode))
                : Rounding.decimalToWhole(mode);
    SqlType result =
        type instanceof SqlType.Decimal decimal
            ? new SqlType.Decimal(
                Math.min(SqlType.Decimal.MAX_PRECISION, decimal.precision() - decimal.scale() + 1),
                0)
            : type;
    boolean infallible = !(type instanceof SqlType.Decimal);
    return new BoundFunction(
        name, List.of(type), result, true, infallible, KernelFactory.of(kernel));
  }

  private static @Nullable BoundFunction toDigits(
      String name, SqlType given, SqlType digits, RoundingMode mode) {
    SqlType type = number(given);
    if (type == null || !ImplicitTypes.convertible(digits, SqlType.BIGINT)) {
      return null;
    }
    SqlType result =
        type instanceof SqlType.Decimal decimal
            ? new SqlType.Decimal(
                Math.min(SqlType.Decimal.MAX_PRECISION, decimal.precision() + 1), decimal.scale())
            : type;
    Kernel kernel =
        type.isInteger()
            ? Rounding.integerToDigits(mode)
            : type.isFloating() ? floatToDigits(mode) : Rounding.decimalToDigits(mode);
    return new BoundFunction(
        name,
        List.of(type, SqlType.BIGINT),
        result,
        true,
        type.isFloating(),
        KernelFactory.of(kernel));
  }

  private static Kernel floatToDigits(RoundingMode mode) {
    return RowLoops.doubles(
        (arguments, row) ->
            Rounding.digits(
                FloatLoops.get(arguments[0], row), IntegerLoops.get(arguments[1], row), mode));
  }
}
