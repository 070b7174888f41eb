package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class TakeTest {
  private static final int[] INDICES = {2, -1, 0, 0, 1, 2, -1, 1, 2, 0};

  private static List<?> samples(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Arrays.asList(true, null, false);
      case REAL, DOUBLE -> Arrays.asList(1.5, null, Double.NaN);
      case DECIMAL -> Arrays.asList(new BigDecimal("1.50"), null, new BigDecimal("-2.25"));
      case VARCHAR -> Arrays.asList("", null, "süß");
      case UUID -> Arrays.asList(new UUID(1, 2), null, new UUID(3, -4));
      case ARRAY -> Arrays.asList(List.of(1L, 2L), null, List.of());
      case ROW -> Arrays.asList(List.of(1L, "x"), null, Arrays.asList(null, "y"));
      case MAP -> Arrays.asList(Map.of("a", 1L), null, Map.of());
      default -> Arrays.asList(1L, null, 3L);
    };
  }

  @Test
  void gathersEveryTypeWithNulls(BufferAllocator allocator) {
    List<SqlType> types =
        List.of(
            SqlType.BOOLEAN,
            SqlType.TINYINT,
            SqlType.SMALLINT,
            SqlType.INTEGER,
            SqlType.BIGINT,
            SqlType.REAL,
            SqlType.DOUBLE,
            new SqlType.Decimal(20, 2),
            SqlType.VARCHAR,
            SqlType.DATE,
            SqlType.TIME,
            SqlType.TIMESTAMP,
            SqlType.TIMESTAMP_TZ,
            new SqlType.Timestamp(9, true),
            SqlType.INTERVAL_MONTHS,
            SqlType.INTERVAL_MICROS,
            SqlType.UUID,
            new SqlType.Array(SqlType.BIGINT),
            new SqlType.Row(
                List.of(
                    new SqlType.Row.Field("a", SqlType.BIGINT),
                    new SqlType.Row.Field("b", SqlType.VARCHAR))),
            new SqlType.Map(SqlType.VARCHAR, SqlType.BIGINT));
    for (SqlType type : types) {
      List<?> values = samples(type);
      try (Selection indices = indices(allocator);
          FieldVector source = Cells.vector(type, values, allocator);
          FieldVector taken = Take.take(source, indices, allocator);
          FieldVector shared = Vectors.share(taken, allocator)) {
        List<Object> expected = new ArrayList<>();
        List<Object> actual = new ArrayList<>();
        for (int i = 0; i < INDICES.length; i++) {
          expected.add(INDICES[i] < 0 ? null : values.get(INDICES[i]));
          actual.add(Cells.get(shared, i));
        }
        assertEquals(expected, actual, type.sql());
      }
    }
  }

  @Test
  void gathersStringsOfAllLengths(BufferAllocator allocator) {
    List<String> values = new ArrayList<>();
    for (int length = 0; length < 70; length++) {
      values.add("x".repeat(length));
    }
    for (boolean withNulls : new boolean[] {false, true}) {
      if (withNulls) {
        values.set(7, null);
      }
      List<String> expected = new ArrayList<>();
      try (ArrowBuf rows = allocator.buffer(4L * 200);
          FieldVector source = Cells.vector(SqlType.VARCHAR, values, allocator)) {
        for (int i = 0; i < 200; i++) {
          int row = i * 31 % 70;
          rows.setInt(i * 4L, row);
          expected.add(values.get(row));
        }
        rows.getReferenceManager().retain();
        try (Selection indices = new Selection(rows, 200);
            FieldVector taken = Take.take(source, indices, allocator)) {
          for (int i = 0; i < 200; i++) {
            assertEquals(expected.get(i), Cells.get(taken, i));
          }
          assertEquals(expected.stream().filter(v -> v == null).count(), taken.getNullCount());
        }
      }
    }
  }

  @Test
  void compactsASelectionInAllForms(BufferAllocator allocator) {
    Batch batch =
        Batches.of(
            allocator,
            List.of(SqlType.BIGINT, SqlType.VARCHAR),
            List.of(Arrays.asList(1L, "a"), Arrays.asList(null, "b"), Arrays.asList(3L, null)));
    ArrowBuf rows = allocator.buffer(8);
    rows.setInt(0, 1);
    rows.setInt(4, 2);
    List<Column> columns = new ArrayList<>(batch.columns().stream().map(Column::share).toList());
    columns.add(Cells.constant(SqlType.DATE, 7L, 3, allocator));
    Batch selected = new Batch(columns, 3, new Selection(rows, 2));
    batch.close();
    try (Batch compact = selected.compact(allocator)) {
      assertEquals(
          List.of(Arrays.asList(null, "b", 7L), Arrays.asList(3L, null, 7L)),
          Batches.rows(compact));
    }
  }

  private static Selection indices(BufferAllocator allocator) {
    ArrowBuf rows = allocator.buffer(INDICES.length * 4L);
    for (int i = 0; i < INDICES.length; i++) {
      rows.setInt(i * 4L, INDICES[i]);
    }
    return new Selection(rows, INDICES.length);
  }
}
