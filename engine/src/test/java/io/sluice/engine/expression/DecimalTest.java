package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.call;
import static io.sluice.engine.expression.Expressions.decimal;
import static io.sluice.engine.expression.Expressions.error;
import static io.sluice.engine.expression.Expressions.literal;
import static io.sluice.engine.expression.Expressions.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class DecimalTest {
  private static final String NINES = "9".repeat(38);

  private static SqlType type(String function, SqlType a, SqlType b) {
    return call(function, literal(a, null), literal(b, null)).type();
  }

  @Test
  void resultTypes() {
    SqlType a = new SqlType.Decimal(15, 2);
    SqlType b = new SqlType.Decimal(10, 4);
    assertEquals(new SqlType.Decimal(18, 4), type("add", a, b));
    assertEquals(new SqlType.Decimal(25, 6), type("multiply", a, b));
    assertEquals(new SqlType.Decimal(30, 13), type("divide", a, b));
    assertEquals(new SqlType.Decimal(10, 4), type("modulo", a, b));
    SqlType sum = new SqlType.Decimal(38, 4);
    assertEquals(new SqlType.Decimal(38, 16), type("divide", sum, sum));
    assertEquals(new SqlType.Decimal(38, 4), type("add", sum, sum));
    assertEquals(
        new SqlType.Decimal(13, 2), type("add", SqlType.INTEGER, new SqlType.Decimal(5, 2)));
    assertEquals(SqlType.DOUBLE, type("add", a, SqlType.DOUBLE));
  }

  @Test
  void thirtyEightDigits() {
    assertEquals(new BigDecimal(NINES), value(call("subtract", decimal(NINES), decimal("0"))));
    assertEquals(
        ErrorCode.NUMERIC_OVERFLOW, error(call("add", decimal(NINES), decimal("1"))).code());
    assertEquals(
        ErrorCode.NUMERIC_OVERFLOW, error(call("multiply", decimal(NINES), decimal("10"))).code());
    assertEquals(
        "99999999999999999999999999999999999999 + 1 is out of range for DECIMAL(38, 0)",
        error(call("add", decimal(NINES), decimal("1"))).getMessage());
    assertEquals(
        ErrorCode.DIVISION_BY_ZERO, error(call("divide", decimal("1.5"), decimal("0.0"))).code());
    assertEquals(new BigDecimal("-" + NINES), value(call("negate", decimal(NINES))));
    assertEquals(new BigDecimal(NINES), value(call("abs", decimal("-" + NINES))));
  }

  @Test
  void quotientsAreRoundedHalfAwayFromZero() {
    assertEquals("0.666667", Expressions.shown(call("divide", decimal("2"), decimal("3"))));
    assertEquals("-0.666667", Expressions.shown(call("divide", decimal("-2"), decimal("3"))));
    assertEquals("0.500000", Expressions.shown(call("divide", decimal("1"), decimal("2"))));
  }

  @Test
  void randomOperandsAgreeWithBigDecimal(BufferAllocator allocator) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      SqlType.Decimal a = randomType(random);
      SqlType.Decimal b = randomType(random);
      RandomCells cells = new RandomCells(random.nextLong());
      List<@Nullable Object> left = cells.column(a, 70);
      List<@Nullable Object> right = cells.column(b, 70);
      for (String function : List.of("add", "subtract", "multiply", "divide", "modulo")) {
        Expression call = call(function, Expressions.input(0, a), Expressions.input(1, b));
        List<@Nullable Object> actual =
            Expressions.evaluateAllForms(
                allocator,
                new Expression.Try(call),
                List.of(a, b),
                List.of(left, right),
                ZoneOffset.UTC);
        for (int i = 0; i < left.size(); i++) {
          Object expected =
              exact(function, (BigDecimal) left.get(i), (BigDecimal) right.get(i), call.type());
          assertEquals(
              expected,
              actual.get(i),
              function + " " + left.get(i) + " " + right.get(i) + " " + a + b + ", seed " + seed);
        }
      }
    }
  }

  private static SqlType.Decimal randomType(Random random) {
    int precision = 1 + random.nextInt(38);
    return new SqlType.Decimal(precision, random.nextInt(precision + 1));
  }

  private static @Nullable BigDecimal exact(
      String function, @Nullable BigDecimal a, @Nullable BigDecimal b, SqlType type) {
    if (a == null || b == null) {
      return null;
    }
    SqlType.Decimal result = (SqlType.Decimal) type;
    boolean division = function.equals("divide") || function.equals("modulo");
    if (division && b.signum() == 0) {
      return null;
    }
    BigDecimal value =
        switch (function) {
          case "add" -> a.add(b);
          case "subtract" -> a.subtract(b);
          case "multiply" -> a.multiply(b);
          case "divide" -> a.divide(b, result.scale(), RoundingMode.HALF_UP);
          default -> a.remainder(b);
        };
    BigDecimal scaled = value.setScale(result.scale(), RoundingMode.HALF_UP);
    return scaled.precision() <= result.precision() || scaled.signum() == 0 ? scaled : null;
  }
}
