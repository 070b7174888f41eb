package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.bigint;
import static io.sluice.engine.expression.Expressions.call;
import static io.sluice.engine.expression.Expressions.cast;
import static io.sluice.engine.expression.Expressions.context;
import static io.sluice.engine.expression.Expressions.decimal;
import static io.sluice.engine.expression.Expressions.error;
import static io.sluice.engine.expression.Expressions.evaluateAllForms;
import static io.sluice.engine.expression.Expressions.input;
import static io.sluice.engine.expression.Expressions.integer;
import static io.sluice.engine.expression.Expressions.literal;
import static io.sluice.engine.expression.Expressions.shown;
import static io.sluice.engine.expression.Expressions.text;
import static io.sluice.engine.expression.Expressions.tryCast;
import static io.sluice.engine.expression.Expressions.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class ExpressionCompilerTest {
  private static final SqlType BOOL = SqlType.BOOLEAN;
  private static final SqlType INT = SqlType.INTEGER;
  private static final Expression A = input(0, INT);
  private static final Expression B = input(1, INT);
  private static final List<SqlType> INTS = List.of(INT, INT);

  /** 10 / b, which is an error where b is 0. */
  private static final Expression FAILS_AT_ZERO = call("divide", integer(10), B);

  private static Expression eq(Expression a, long b) {
    return call("eq", a, integer(b));
  }

  @Test
  void rowsThatAreNotSelectedRaiseNoErrors(BufferAllocator allocator) {
    List<List<Long>> columns = List.of(List.of(1L, 2L, 3L), List.of(1L, 0L, 5L));
    try (Batch batch = Expressions.batch(allocator, INTS, columns, 3, new int[] {0, 2}, false)) {
      assertEquals(
          List.of(10L, 2L),
          Expressions.evaluate(FAILS_AT_ZERO, batch, context(allocator, ZoneOffset.UTC, true)));
    }
    EngineException failure =
        assertThrows(
            EngineException.class,
            () -> evaluateAllForms(allocator, FAILS_AT_ZERO, INTS, columns, ZoneOffset.UTC));
    assertEquals(ErrorCode.DIVISION_BY_ZERO, failure.code());
    assertEquals("division by zero: 10 / 0", failure.getMessage());
  }

  @Test
  void logicEvaluatesOnlyWhatIsOpen(BufferAllocator allocator) {
    List<SqlType> types = List.of(INT, INT);
    List<List<Long>> columns =
        List.of(Arrays.asList(0L, 1L, null, 1L, 0L, 1L), Arrays.asList(0L, 2L, 5L, 10L, 0L, null));
    Expression nonZero = call("ne", A, integer(0));
    assertEquals(
        Arrays.asList(false, true, false, false, false, null),
        evaluateAllForms(
            allocator,
            call("and", nonZero, call("eq", FAILS_AT_ZERO, integer(5))),
            types,
            columns,
            ZoneOffset.UTC));
    assertEquals(
        Arrays.asList(true, true, null, false, true, null),
        evaluateAllForms(
            allocator,
            call("or", eq(A, 0), call("eq", FAILS_AT_ZERO, integer(5))),
            types,
            columns,
            ZoneOffset.UTC));
  }

  @Test
  void caseAndCoalesceEvaluateTheirRowsOnly(BufferAllocator allocator) {
    List<List<Long>> columns =
        List.of(Arrays.asList(0L, 1L, null, 2L, 0L), Arrays.asList(0L, 2L, 5L, null, 0L));
    Expression choice =
        new Expression.Case(
            List.of(
                new Expression.Case.Branch(eq(A, 0), integer(-1)),
                new Expression.Case.Branch(eq(A, 1), FAILS_AT_ZERO)),
            B,
            INT);
    assertEquals(
        Arrays.asList(-1L, 5L, 5L, null, -1L),
        evaluateAllForms(allocator, choice, INTS, columns, ZoneOffset.UTC));
    Expression first = call("coalesce", call("nullif", A, integer(2)), FAILS_AT_ZERO);
    assertEquals(
        Arrays.asList(0L, 1L, 2L, null, 0L),
        evaluateAllForms(allocator, first, INTS, columns, ZoneOffset.UTC));
  }

  @Test
  void caseOfStrings(BufferAllocator allocator) {
    List<SqlType> types = List.of(INT, SqlType.VARCHAR);
    List<List<?>> columns =
        List.of(Arrays.asList(0L, 1L, null, 2L), Arrays.asList("a", null, "süß", "d"));
    Expression choice =
        new Expression.Case(
            List.of(
                new Expression.Case.Branch(eq(A, 0), text("zero")),
                new Expression.Case.Branch(eq(A, 2), call("upper", input(1, SqlType.VARCHAR)))),
            input(1, SqlType.VARCHAR),
            SqlType.VARCHAR);
    assertEquals(
        Arrays.asList("zero", null, "süß", "D"),
        evaluateAllForms(allocator, choice, types, columns, ZoneOffset.UTC));
  }

  @Test
  void tryGivesNullForUserErrors(BufferAllocator allocator) {
    List<List<Long>> columns =
        List.of(List.of(1L, 1L, 1L, 1L, 1L), Arrays.asList(0L, 2L, null, 5L, 0L));
    assertEquals(
        Arrays.asList(null, 5L, null, 2L, null),
        evaluateAllForms(
            allocator, new Expression.Try(FAILS_AT_ZERO), INTS, columns, ZoneOffset.UTC));
  }

  @Test
  void threeValuedLogic() {
    Boolean[] values = {true, false, null};
    for (Boolean a : values) {
      for (Boolean b : values) {
        Expression x = literal(BOOL, a);
        Expression y = literal(BOOL, b);
        boolean anyNull = a == null || b == null;
        boolean anyFalse = Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b);
        boolean anyTrue = Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b);
        Object and = anyFalse ? Boolean.FALSE : (anyNull ? null : Boolean.TRUE);
        Object or = anyTrue ? Boolean.TRUE : (anyNull ? null : Boolean.FALSE);
        assertEquals(and, value(call("and", x, y)));
        assertEquals(or, value(call("or", x, y)));
      }
      Expression x = literal(BOOL, a);
      assertEquals(a == null ? null : !a, value(call("not", x)));
      assertEquals(Boolean.TRUE.equals(a), value(call("is_true", x)));
      assertEquals(Boolean.FALSE.equals(a), value(call("is_false", x)));
      assertEquals(!Boolean.TRUE.equals(a), value(call("is_not_true", x)));
      assertEquals(!Boolean.FALSE.equals(a), value(call("is_not_false", x)));
      assertEquals(a == null, value(call("is_null", x)));
      assertEquals(a != null, value(call("is_not_null", x)));
    }
  }

  @Test
  void filtersKeepRowsThatAreTrue(BufferAllocator allocator) {
    List<List<Long>> columns =
        List.of(Arrays.asList(0L, 1L, null, 1L, 1L, 1L), Arrays.asList(0L, 2L, 5L, 10L, 0L, null));
    Expression condition =
        call("and", eq(A, 1), call("ne", B, integer(0)), call("le", FAILS_AT_ZERO, integer(5)));
    try (FilterEvaluator filter =
        new ExpressionCompiler(context(allocator, ZoneOffset.UTC, true)).compileFilter(condition)) {
      for (boolean dictionary : new boolean[] {false, true}) {
        try (Batch batch = Expressions.batch(allocator, INTS, columns, 6, null, dictionary);
            Selection chosen = filter.select(batch)) {
          assertEquals(2, chosen.count());
          assertEquals(1, chosen.get(0));
          assertEquals(3, chosen.get(1));
        }
        Batch selected =
            Expressions.batch(allocator, INTS, columns, 6, new int[] {0, 3, 4}, dictionary);
        try (Batch left = filter.filter(selected)) {
          assertEquals(List.of(List.of(1L, 10L)), Batches.rows(left));
        }
      }
    }
  }

  @Test
  void parametersAreBound(BufferAllocator allocator) {
    EvaluationContext context =
        new EvaluationContext(
            allocator, List.of(new Expression.Literal(5L, SqlType.BIGINT)), ZoneOffset.UTC, true);
    Expression sum = call("add", A, new Expression.Parameter(0, INT));
    try (Batch batch =
        Expressions.batch(allocator, INTS, List.of(List.of(1L), List.of(1L)), 1, null, false)) {
      assertEquals(List.of(6L), Expressions.evaluate(sum, batch, context));
      EngineException unbound =
          assertThrows(
              EngineException.class,
              () -> Expressions.evaluate(new Expression.Parameter(1, INT), batch, context));
      assertEquals(ErrorCode.INVALID_PARAMETER, unbound.code());
    }
  }

  @Test
  void arithmeticIsChecked() {
    assertEquals(3L, value(call("divide", integer(7), integer(2))));
    assertEquals(-3L, value(call("divide", integer(-7), integer(2))));
    assertEquals(-1L, value(call("modulo", integer(-7), integer(3))));
    EngineException overflow = error(call("add", bigint(Long.MAX_VALUE), bigint(1)));
    assertEquals(ErrorCode.NUMERIC_OVERFLOW, overflow.code());
    assertEquals("9223372036854775807 + 1 is out of range for BIGINT", overflow.getMessage());
    assertEquals(
        ErrorCode.NUMERIC_OVERFLOW,
        error(call("multiply", integer(1 << 20), integer(1 << 20))).code());
    assertEquals("7.50", shown(call("add", decimal("5.25"), decimal("2.25"))));
    assertEquals("11.8125", shown(call("multiply", decimal("5.25"), decimal("2.25"))));
  }

  @Test
  void castsKeepTheValue() {
    assertEquals(2L, value(cast(decimal("2.00"), INT)));
    assertEquals(ErrorCode.INVALID_CAST, error(cast(decimal("2.50"), INT)).code());
    assertEquals(null, value(tryCast(decimal("2.50"), INT)));
    assertEquals(42L, value(cast(text(" 42 "), INT)));
    assertEquals("'x' is not a valid INTEGER", error(cast(text("x"), INT)).getMessage());
  }
}
