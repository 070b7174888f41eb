package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.call;
import static io.sluice.engine.expression.Expressions.cast;
import static io.sluice.engine.expression.Expressions.context;
import static io.sluice.engine.expression.Expressions.input;
import static io.sluice.engine.expression.Expressions.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.engine.EngineException;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class DictionaryTest {
  private static final SqlType TEXT = SqlType.VARCHAR;
  private static final Expression S = input(0, TEXT);

  private static Batch batch(BufferAllocator allocator, int[] selected, @Nullable String... cells) {
    return Expressions.batch(
        allocator,
        List.of(TEXT),
        List.of(Arrays.asList(cells)),
        cells.length,
        selected.length == 0 ? null : selected,
        true);
  }

  @Test
  void stringsStayDictionariesAndAreMappedOnce(BufferAllocator allocator) {
    try (Evaluator upper =
            new ExpressionCompiler(context(allocator, ZoneOffset.UTC, true))
                .compile(call("upper", S));
        Batch first = batch(allocator, new int[0], "a", "b", "a", null);
        Batch other = batch(allocator, new int[0], "x", "x")) {
      SharedDictionary mapped;
      try (DictionaryColumn column =
          assertInstanceOf(DictionaryColumn.class, upper.evaluate(first))) {
        mapped = column.dictionary();
        assertEquals(2, mapped.size());
      }
      try (DictionaryColumn column = (DictionaryColumn) upper.evaluate(first)) {
        assertSame(mapped, column.dictionary());
      }
      try (DictionaryColumn column = (DictionaryColumn) upper.evaluate(other)) {
        assertNotSame(mapped, column.dictionary());
      }
    }
  }

  @Test
  void valuesThatNoRowNeedsRaiseNoError(BufferAllocator allocator) {
    Expression number = cast(S, SqlType.INTEGER);
    EvaluationContext context = context(allocator, ZoneOffset.UTC, true);
    try (Batch some = batch(allocator, new int[] {0, 2}, "1", "x", "3")) {
      assertEquals(List.of(1L, 3L), Expressions.evaluate(number, some, context));
    }
    try (Batch all = batch(allocator, new int[0], "1", "x", "3")) {
      assertThrows(EngineException.class, () -> Expressions.evaluate(number, all, context));
    }
  }

  @Test
  void columnsGoThroughInTheirForm(BufferAllocator allocator) {
    EvaluationContext context = context(allocator, ZoneOffset.UTC, true);
    try (Evaluator same = new ExpressionCompiler(context).compile(S);
        Evaluator constant = new ExpressionCompiler(context).compile(text("k"));
        Evaluator length = new ExpressionCompiler(context).compile(call("length", S));
        Batch batch = batch(allocator, new int[] {1}, "a", "b");
        Column column = same.evaluate(batch);
        Column one = constant.evaluate(batch);
        Column lengths = length.evaluate(batch)) {
      assertInstanceOf(DictionaryColumn.class, column);
      assertInstanceOf(ConstantColumn.class, one);
      assertInstanceOf(FlatColumn.class, lengths);
      assertEquals(1, one.length());
    }
  }

  /** Whatever allocation fails, nothing is left allocated. */
  @Test
  void failedAllocationsLeaveNothing(BufferAllocator allocator) {
    Expression expression =
        call(
            "concat",
            new Expression.Case(
                List.of(
                    new Expression.Case.Branch(call("eq", S, text("a")), call("upper", S)),
                    new Expression.Case.Branch(
                        call("gt", call("length", S), Expressions.integer(3)),
                        call("coalesce", call("nullif", S, text("b")), text("none")))),
                call("substring", S, Expressions.integer(2)),
                TEXT),
            S);
    @Nullable String[] cells = new @Nullable String[600];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = i % 7 == 0 ? null : i % 3 == 0 ? "a" : "word" + i;
    }
    int failures = 0;
    for (long limit = 4096; limit < 1 << 20; limit += 4096) {
      for (boolean dictionary : new boolean[] {false, true}) {
        try (Batch batch =
                Expressions.batch(
                    allocator,
                    List.of(TEXT),
                    List.of(Arrays.asList(cells)),
                    cells.length,
                    null,
                    dictionary);
            BufferAllocator limited = allocator.newChildAllocator("limited", 0, limit)) {
          EvaluationContext context =
              new EvaluationContext(limited, List.of(), ZoneOffset.UTC, true);
          try {
            Expressions.evaluate(expression, batch, context);
          } catch (OutOfMemoryException expected) {
            failures++;
          }
          assertEquals(0, limited.getAllocatedMemory());
        }
      }
    }
    assertEquals(true, failures > 10, failures + " failures");
  }
}
