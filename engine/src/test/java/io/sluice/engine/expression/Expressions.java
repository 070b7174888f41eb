package io.sluice.engine.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.EngineException;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.engine.function.ResolvedFunction;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/** Expressions in few words, and their evaluation in every form of input. */
final class Expressions {
  private Expressions() {}

  static Expression input(int column, SqlType type) {
    return new Expression.InputRef(column, type);
  }

  static Expression literal(SqlType type, @Nullable Object value) {
    return new Expression.Literal(value, type);
  }

  static Expression integer(long value) {
    return literal(SqlType.INTEGER, value);
  }

  static Expression bigint(long value) {
    return literal(SqlType.BIGINT, value);
  }

  static Expression text(@Nullable String value) {
    return literal(SqlType.VARCHAR, value);
  }

  static Expression number(double value) {
    return literal(SqlType.DOUBLE, value);
  }

  static Expression decimal(String value) {
    BigDecimal number = new BigDecimal(value);
    int precision = Math.max(number.precision(), number.scale());
    return literal(new SqlType.Decimal(precision, number.scale()), number);
  }

  static Expression call(String function, Expression... arguments) {
    List<SqlType> types = Arrays.stream(arguments).map(Expression::type).toList();
    ResolvedFunction resolved =
        FunctionRegistry.standard()
            .resolve(function, types)
            .orElseThrow(() -> new AssertionError(function + types));
    return new Expression.Call(function, Arrays.asList(arguments), resolved.type());
  }

  static Expression cast(Expression input, SqlType type) {
    return new Expression.Cast(input, type, false);
  }

  static Expression tryCast(Expression input, SqlType type) {
    return new Expression.Cast(input, type, true);
  }

  static EvaluationContext context(BufferAllocator allocator, ZoneId zone, boolean vectorApi) {
    return new EvaluationContext(allocator, List.of(), zone, vectorApi);
  }

  /** The value of an expression without inputs. */
  static @Nullable Object value(Expression expression) {
    return ConstantFolder.fold(expression, ZoneOffset.UTC).value();
  }

  static @Nullable Object value(Expression expression, ZoneId zone) {
    return ConstantFolder.fold(expression, zone).value();
  }

  /** The value of an expression without inputs, as text. */
  static String shown(Expression expression) {
    return String.valueOf(value(expression));
  }

  /** The values of an expression over a batch, which stays open. */
  static List<@Nullable Object> evaluate(
      Expression expression, Batch batch, EvaluationContext context) {
    try (Evaluator evaluator = new ExpressionCompiler(context).compile(expression)) {
      List<@Nullable Object> first = cells(evaluator, batch);
      // Scratch and caches of the first evaluation must not show in the second.
      assertEquals(first, cells(evaluator, batch));
      return first;
    }
  }

  private static List<@Nullable Object> cells(Evaluator evaluator, Batch batch) {
    try (Column column = evaluator.evaluate(batch)) {
      assertEquals(batch.rowCount(), column.length());
      assertEquals(evaluator.type(), column.type());
      List<@Nullable Object> cells = new ArrayList<>();
      for (int i = 0; i < column.length(); i++) {
        cells.add(comparable(Cells.get(column, i)));
      }
      return cells;
    }
  }

  private static @Nullable Object comparable(@Nullable Object cell) {
    return cell instanceof byte[] bytes ? Arrays.toString(bytes) : cell;
  }

  /**
   * The values over columns of these cells: flat, as dictionaries and as selections, with and
   * without the Vector API, which must all agree.
   */
  static List<@Nullable Object> evaluateAllForms(
      BufferAllocator allocator,
      Expression expression,
      List<SqlType> types,
      List<? extends List<?>> columns,
      ZoneId zone) {
    int rows = columns.isEmpty() ? 1 : columns.getFirst().size();
    List<@Nullable Object> expected;
    try (Batch flat = batch(allocator, types, columns, rows, null, false)) {
      expected = evaluate(expression, flat, context(allocator, zone, false));
      assertEquals(
          expected, evaluate(expression, flat, context(allocator, zone, true)), "Vector API");
    }
    try (Batch dictionaries = batch(allocator, types, columns, rows, null, true)) {
      assertEquals(
          expected,
          evaluate(expression, dictionaries, context(allocator, zone, true)),
          "dictionaries");
    }
    int[] third = new int[rows / 3];
    List<@Nullable Object> selected = new ArrayList<>();
    for (int i = 0; i < third.length; i++) {
      third[i] = 3 * i + 1;
      selected.add(expected.get(third[i]));
    }
    for (boolean dictionary : new boolean[] {false, true}) {
      try (Batch some = batch(allocator, types, columns, rows, third, dictionary)) {
        assertEquals(
            selected, evaluate(expression, some, context(allocator, zone, true)), "selection");
      }
    }
    return expected;
  }

  static Batch batch(
      BufferAllocator allocator,
      List<SqlType> types,
      List<? extends List<?>> columns,
      int rows,
      int @Nullable [] selected,
      boolean dictionary) {
    List<Column> made = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      made.add(
          dictionary
              ? dictionary(allocator, types.get(c), columns.get(c))
              : new FlatColumn(
                  types.get(c), Cells.vector(types.get(c), columns.get(c), allocator)));
    }
    return new Batch(made, rows, selected == null ? null : selection(allocator, selected));
  }

  static Selection selection(BufferAllocator allocator, int... rows) {
    ArrowBuf buffer = allocator.buffer(Math.max(4, rows.length * 4L));
    for (int i = 0; i < rows.length; i++) {
      buffer.setInt(i * 4L, rows[i]);
    }
    return new Selection(buffer, rows.length);
  }

  static DictionaryColumn dictionary(BufferAllocator allocator, SqlType type, List<?> cells) {
    Map<Object, Integer> ids = new LinkedHashMap<>();
    IntVector indices = new IntVector("", allocator);
    indices.allocateNew(Math.max(1, cells.size()));
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      Object cell = cells.get(i);
      if (cell == null) {
        indices.setNull(i);
        // A NULL's index may be anything.
        indices.getDataBuffer().setInt(4L * i, -7);
      } else {
        Integer known = ids.get(cell);
        if (known == null) {
          known = values.size();
          ids.put(cell, known);
          values.add(cell);
        }
        indices.set(i, known);
      }
    }
    indices.setValueCount(cells.size());
    return new DictionaryColumn(
        indices, new SharedDictionary(type, Cells.vector(type, values, allocator)));
  }

  /** The error that evaluating raises. */
  static EngineException error(Expression expression) {
    try {
      Object value = value(expression);
      throw new AssertionError(value + " instead of an error");
    } catch (EngineException expected) {
      return expected;
    }
  }
}
