package io.sluice.engine.function;

import static io.sluice.engine.function.FunctionFamily.takes;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions of DOUBLE. They are those of {@link StrictMath}: the same bits on every processor. An
 * argument outside the domain is an error.
 */
final class MathFunctions {
  private static final SqlType DOUBLE = SqlType.DOUBLE;
  private static final DoublePredicate ANY = x -> true;
  private static final DoublePredicate POSITIVE = x -> !(x <= 0);
  private static final DoublePredicate UNIT = x -> !(Math.abs(x) > 1);
  private static final DoublePredicate FINITE = x -> !Double.isInfinite(x);

  private MathFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Mathematics");
    unary(family, "sqrt", "The square root.", "sqrt(9) = 3", x -> !(x < 0), Math::sqrt);
    unary(family, "cbrt", "The cube root.", "cbrt(27) = 3", ANY, StrictMath::cbrt);
    unary(family, "exp", "e to the power of a.", "exp(0) = 1", ANY, StrictMath::exp);
    unary(family, "ln", "The natural logarithm.", "ln(1) = 0", POSITIVE, StrictMath::log);
    unary(
        family,
        "log10",
        "The logarithm to base 10.",
        "log10(100) = 2",
        POSITIVE,
        StrictMath::log10);
    unary(family, "log2", "The logarithm to base 2.", "log2(8) = 3", POSITIVE, MathFunctions::log2);
    binary(
        family,
        "power",
        "a to the power of b.",
        "power(2, 10) = 1024",
        (a, b) ->
            !(a == 0 && b < 0)
                && !(a < 0 && Double.isFinite(a) && Double.isFinite(b) && b != Math.rint(b)),
        StrictMath::pow);
    logarithms(family);
    unary(family, "sin", "The sine.", "sin(0) = 0", FINITE, StrictMath::sin);
    unary(family, "cos", "The cosine.", "cos(0) = 1", FINITE, StrictMath::cos);
    unary(family, "tan", "The tangent.", "tan(0) = 0", FINITE, StrictMath::tan);
    unary(
        family,
        "cot",
        "The cotangent.",
        "round(cot(1), 4) = 0.6421",
        x -> FINITE.test(x) && x != 0,
        x -> 1 / StrictMath.tan(x));
    unary(family, "asin", "The arc sine.", "asin(0) = 0", UNIT, StrictMath::asin);
    unary(family, "acos", "The arc cosine.", "acos(1) = 0", UNIT, StrictMath::acos);
    unary(family, "atan", "The arc tangent.", "atan(0) = 0", ANY, StrictMath::atan);
    binary(
        family,
        "atan2",
        "The angle of the point (b, a).",
        "atan2(0, 1) = 0",
        (a, b) -> true,
        StrictMath::atan2);
    unary(family, "sinh", "The hyperbolic sine.", "sinh(0) = 0", ANY, StrictMath::sinh);
    unary(family, "cosh", "The hyperbolic cosine.", "cosh(0) = 1", ANY, StrictMath::cosh);
    unary(family, "tanh", "The hyperbolic tangent.", "tanh(0) = 0", ANY, StrictMath::tanh);
    unary(
        family,
        "degrees",
        "Radians as degrees.",
        "degrees(pi()) = 180",
        ANY,
        x -> x * (180 / Math.PI));
    unary(
        family,
        "radians",
        "Degrees as radians.",
        "radians(180) = pi()",
        ANY,
        x -> x * (Math.PI / 180));
    constant(
        family,
        "pi",
        "The ratio of a circle's circumference to its diameter.",
        "round(pi(), 4) = 3.1416",
        Math.PI);
    constant(family, "e", "The base of natural logarithms.", "round(e(), 4) = 2.7183", Math.E);
    test(
        family,
        "is_nan",
        "Whether a is NaN.",
        "is_nan(CAST('NaN' AS DOUBLE)) = TRUE",
        Double::isNaN);
    test(
        family,
        "is_finite",
        "Whether a is neither NaN nor infinite.",
        "is_finite(1.5) = TRUE",
        Double::isFinite);
    test(
        family,
        "is_infinite",
        "Whether a is infinite.",
        "is_infinite(1.5) = FALSE",
        Double::isInfinite);
    return family.functions();
  }

  private static void logarithms(FunctionFamily family) {
    Kernel base10 =
        RowLoops.doubles((arguments, row) -> logarithm(10, FloatLoops.get(arguments[0], row)));
    Kernel anyBase =
        RowLoops.doubles(
            (arguments, row) ->
                logarithm(FloatLoops.get(arguments[0], row), FloatLoops.get(arguments[1], row)));
    family.add(
        "log",
        "log([base,] a)",
        "The logarithm to a base, without one to base 10.",
        "log(2, 8) = 3",
        takes(DOUBLE).gives(DOUBLE).by(base10),
        takes(DOUBLE, DOUBLE).gives(DOUBLE).by(anyBase));
  }

  private static double logarithm(double base, double x) {
    if (x <= 0 || base <= 0 || base == 1) {
      throw outside("log", base + ", " + x);
    }
    return base == 10
        ? StrictMath.log10(x)
        : base == 2 ? log2(x) : StrictMath.log(x) / StrictMath.log(base);
  }

  private interface BinaryPredicate {
    boolean test(double a, double b);
  }

  private static double log2(double x) {
    // Exact where x is a power of two.
    int exponent = Math.getExponent(x);
    boolean power = Double.doubleToLongBits(x) << 12 == 0 && exponent >= -1022 && exponent <= 1023;
    return power ? exponent : StrictMath.log(x) / StrictMath.log(2);
  }

  private static void unary(
      FunctionFamily family,
      String name,
      String text,
      String example,
      DoublePredicate domain,
      DoubleUnaryOperator function) {
    Kernel kernel =
        RowLoops.doubles(
            (arguments, row) -> {
              double x = FloatLoops.get(arguments[0], row);
              if (!domain.test(x)) {
                throw outside(name, Double.toString(x));
              }
              double result = function.applyAsDouble(x);
              if (Double.isInfinite(result) && Double.isFinite(x)) {
                throw overflow(name, Double.toString(x));
              }
              return result;
            });
    family.add(name, name + "(a)", text, example, takes(DOUBLE).gives(DOUBLE).by(kernel));
  }

  private static void binary(
      FunctionFamily family,
      String name,
      String text,
      String example,
      BinaryPredicate domain,
      DoubleBinaryOperator function) {
    Kernel kernel =
        RowLoops.doubles(
            (arguments, row) -> {
              double a = FloatLoops.get(arguments[0], row);
              double b = FloatLoops.get(arguments[1], row);
              if (!domain.test(a, b)) {
                throw outside(name, a + ", " + b);
              }
              double result = function.applyAsDouble(a, b);
              if (Double.isInfinite(result) && Double.isFinite(a) && Double.isFinite(b)) {
                throw overflow(name, a + ", " + b);
              }
              return result;
            });
    family.add(
        name, name + "(a, b)", text, example, takes(DOUBLE, DOUBLE).gives(DOUBLE).by(kernel));
  }

  private static EngineException outside(String name, String arguments) {
    return new EngineException(
        ErrorCode.INVALID_ARGUMENT, name + "(" + arguments + ") is not defined");
  }

  private static EngineException overflow(String name, String arguments) {
    return new EngineException(
        ErrorCode.NUMERIC_OVERFLOW, name + "(" + arguments + ") is out of range for DOUBLE");
  }

  private static void constant(
      FunctionFamily family, String name, String text, String example, double value) {
    family.add(
        name,
        name + "()",
        text,
        example,
        takes().gives(DOUBLE).infallible().by(RowLoops.doubles((arguments, row) -> value)));
  }

  private static void test(
      FunctionFamily family, String name, String text, String example, DoublePredicate test) {
    RowLoops.BooleanRow row = (arguments, i) -> test.test(get(arguments[0], i));
    family.add(
        name,
        name + "(a)",
        text,
        example,
        takes(SqlType.REAL).gives(SqlType.BOOLEAN).infallible().by(RowLoops.booleans(row)),
        takes(DOUBLE).gives(SqlType.BOOLEAN).infallible().by(RowLoops.booleans(row)));
  }

  private static double get(Values values, int row) {
    return FloatLoops.get(values, row);
  }
}
