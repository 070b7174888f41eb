package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.call;
import static io.sluice.engine.expression.Expressions.error;
import static io.sluice.engine.expression.Expressions.input;
import static io.sluice.engine.expression.Expressions.integer;
import static io.sluice.engine.expression.Expressions.literal;
import static io.sluice.engine.expression.Expressions.number;
import static io.sluice.engine.expression.Expressions.text;
import static io.sluice.engine.expression.Expressions.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Against plain loops over lists. */
@ExtendWith(AllocatorExtension.class)
class TransformsTest {
  private static final List<SqlType> TYPES =
      List.of(
          SqlType.BOOLEAN,
          SqlType.TINYINT,
          SqlType.INTEGER,
          SqlType.BIGINT,
          SqlType.REAL,
          SqlType.DOUBLE,
          new SqlType.Decimal(10, 2),
          new SqlType.Decimal(38, 2),
          SqlType.VARCHAR,
          SqlType.VARBINARY,
          SqlType.DATE,
          SqlType.TIMESTAMP_TZ,
          SqlType.UUID);

  @Test
  void categoriesOfEveryType(BufferAllocator allocator) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (SqlType type : TYPES) {
      for (int categories : new int[] {0, 1, 5, 300}) {
        List<Object> known = new ArrayList<>();
        List<Expression> arguments = new ArrayList<>();
        arguments.add(input(0, type));
        for (int i = 0; i < categories; i++) {
          Object category = cell(type, random, 400);
          known.add(category);
          arguments.add(literal(type, category));
        }
        List<@Nullable Object> column = column(type, random, 1000);
        List<@Nullable Object> codes = new ArrayList<>();
        List<@Nullable Object> slots = new ArrayList<>();
        for (Object cell : column) {
          int code = cell == null ? categories : place(known, cell);
          codes.add((long) code);
          List<Object> slot = new ArrayList<>(Collections.nCopies(categories + 1, 0.0));
          slot.set(code, 1.0);
          slots.add(slot);
        }
        Expression[] all = arguments.toArray(new Expression[0]);
        String context = type + ", " + categories + " categories, seed " + seed;
        assertEquals(codes, evaluate(allocator, call("category_code", all), column), context);
        assertEquals(slots, evaluate(allocator, call("one_hot", all), column), context);
      }
    }
  }

  @Test
  void bucketsOfEveryType(BufferAllocator allocator) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (SqlType type : TYPES) {
      for (int count : new int[] {1, 2, 7, 100}) {
        List<Object> bounds = new ArrayList<>();
        while (bounds.size() < count) {
          Object bound = cell(type, random, 400);
          if (place(bounds, bound) < bounds.size()) {
            break;
          }
          bounds.add(bound);
        }
        bounds.sort(TransformsTest::compare);
        List<Expression> arguments = new ArrayList<>();
        arguments.add(input(0, type));
        bounds.forEach(bound -> arguments.add(literal(type, bound)));
        List<@Nullable Object> column = column(type, random, 1000);
        List<@Nullable Object> expected = new ArrayList<>();
        for (Object cell : column) {
          long bucket = -1;
          for (Object bound : bounds) {
            bucket += cell != null && compare(bound, cell) <= 0 ? 1 : 0;
          }
          expected.add(cell == null ? null : bucket);
        }
        assertEquals(
            expected,
            evaluate(allocator, call("bucket", arguments.toArray(new Expression[0])), column),
            type + ", " + bounds + ", seed " + seed);
      }
    }
  }

  @Test
  void nansAndZeros() {
    Expression nan = number(Double.NaN);
    assertEquals(0L, value(call("category_code", nan, number(Double.NaN), number(1))));
    assertEquals(1L, value(call("category_code", number(-0.0), number(1), number(0.0))));
    assertEquals(1L, value(call("bucket", nan, number(0), number(1))));
    assertEquals(0L, value(call("bucket", number(-0.0), number(0))));
  }

  @Test
  void nullsAndRepeatedCategories() {
    Expression nothing = literal(SqlType.NULL, null);
    assertEquals(3L, value(call("category_code", nothing, text("a"), nothing, text("a"))));
    assertEquals(0L, value(call("category_code", text("a"), text("a"), text("a"))));
    assertEquals(0L, value(call("category_code", nothing)));
    assertEquals(List.of(1.0), value(call("one_hot", text("a"))));
    assertEquals(null, value(call("bucket", nothing, integer(1))));
  }

  @Test
  void boundsAscend() {
    EngineException descending = error(call("bucket", integer(1), integer(5), integer(3)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, descending.code());
    assertTrue(String.valueOf(descending.getMessage()).contains("3 follows 5"));
    error(call("bucket", text("a"), text("b"), text("b")));
  }

  @Test
  void categoriesAndBoundsAreConstants(BufferAllocator allocator) {
    List<SqlType> types = List.of(SqlType.BIGINT, SqlType.BIGINT);
    List<List<Long>> columns = List.of(List.of(1L, 2L), List.of(1L, 1L));
    for (String function : List.of("category_code", "one_hot", "bucket")) {
      Expression changing = call(function, input(0, SqlType.BIGINT), input(1, SqlType.BIGINT));
      try (Batch batch = Expressions.batch(allocator, types, columns, 2, null, false)) {
        EngineException failure =
            assertThrows(
                EngineException.class,
                () ->
                    Expressions.evaluate(
                        changing, batch, Expressions.context(allocator, ZoneOffset.UTC, true)));
        assertTrue(String.valueOf(failure.getMessage()).contains("must be constants"));
      }
    }
  }

  private static List<@Nullable Object> evaluate(
      BufferAllocator allocator, Expression expression, List<@Nullable Object> column) {
    SqlType type = ((Expression.Call) expression).arguments().getFirst().type();
    return Expressions.evaluateAllForms(
        allocator, expression, List.of(type), List.of(column), ZoneOffset.UTC);
  }

  private static List<@Nullable Object> column(SqlType type, Random random, int rows) {
    List<@Nullable Object> column = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      column.add(random.nextInt(6) == 0 ? null : cell(type, random, 400));
    }
    return column;
  }

  private static int place(List<Object> known, Object cell) {
    for (int i = 0; i < known.size(); i++) {
      if (compare(known.get(i), cell) == 0) {
        return i;
      }
    }
    return known.size();
  }

  private static int compare(Object a, Object b) {
    return switch (a) {
      case byte[] bytes -> java.util.Arrays.compareUnsigned(bytes, (byte[]) b);
      case String text ->
          java.util.Arrays.compareUnsigned(
              text.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
      case UUID uuid -> uuid.toString().compareTo(b.toString());
      case Boolean bool -> bool.compareTo((Boolean) b);
      case Long number -> number.compareTo((Long) b);
      case Double number -> number.compareTo((Double) b);
      case BigDecimal number -> number.compareTo((BigDecimal) b);
      default -> throw new AssertionError(a);
    };
  }

  private static Object cell(SqlType type, Random random, int different) {
    int k = random.nextInt(different);
    return switch (type.kind()) {
      case BOOLEAN -> k % 2 == 0;
      case TINYINT -> (long) (byte) k;
      case REAL -> (double) (float) (k * 0.37 - 40);
      case DOUBLE -> k * 0.37 - 40;
      case DECIMAL ->
          new BigDecimal("1e" + (((SqlType.Decimal) type).precision() - 9))
              .multiply(BigDecimal.valueOf(k - 200))
              .setScale(2);
      case VARCHAR -> (k % 3 == 0 ? "é" : "category-") + k;
      case VARBINARY -> new byte[] {(byte) k, (byte) (k >> 4)};
      case UUID -> new UUID(k * 0x123456789ABCDEFL, k);
      default -> (long) k - 200;
    };
  }
}
