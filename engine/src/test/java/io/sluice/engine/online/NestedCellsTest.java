package io.sluice.engine.online;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.memory.Slab;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What vectors hold against what is read of the bytes that were written of them. */
@ExtendWith(AllocatorExtension.class)
class NestedCellsTest {
  private static final SqlType DECIMAL = new SqlType.Decimal(38, 3);
  private static final List<SqlType> FLAT =
      List.of(
          SqlType.BOOLEAN,
          SqlType.TINYINT,
          SqlType.SMALLINT,
          SqlType.INTEGER,
          SqlType.BIGINT,
          SqlType.REAL,
          SqlType.DOUBLE,
          SqlType.VARCHAR,
          SqlType.VARBINARY,
          SqlType.DATE,
          SqlType.TIME,
          SqlType.INTERVAL_MONTHS,
          SqlType.INTERVAL_MICROS,
          SqlType.UUID,
          SqlType.TIMESTAMP,
          SqlType.TIMESTAMP_TZ,
          new SqlType.Timestamp(9, false),
          DECIMAL);

  private static SqlType type(Random random, int depth, boolean nested) {
    int kind = nested ? random.nextInt(3) : depth == 0 ? 3 : random.nextInt(5);
    return switch (kind) {
      case 0 -> new SqlType.Array(type(random, depth - 1, false));
      case 1 -> {
        List<SqlType.Row.Field> fields = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          fields.add(new SqlType.Row.Field("f" + i, type(random, depth - 1, false)));
        }
        yield new SqlType.Row(fields);
      }
      case 2 -> new SqlType.Map(SqlType.VARCHAR, type(random, depth - 1, false));
      default -> FLAT.get(random.nextInt(FLAT.size()));
    };
  }

  private static @Nullable Object value(Random random, SqlType type, double nulls) {
    if (random.nextDouble() < nulls) {
      return null;
    }
    return switch (type) {
      case SqlType.Array array -> {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = length(random); i > 0; i--) {
          elements.add(value(random, array.element(), nulls));
        }
        yield elements;
      }
      case SqlType.Row row -> {
        List<@Nullable Object> fields = new ArrayList<>();
        row.fields().forEach(field -> fields.add(value(random, field.type(), nulls)));
        yield fields;
      }
      case SqlType.Map map -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (int i = length(random); i > 0; i--) {
          entries.put("key " + i, value(random, map.value(), nulls));
        }
        yield entries;
      }
      default -> flat(random, type);
    };
  }

  private static int length(Random random) {
    int kind = random.nextInt(10);
    return kind < 3 ? 0 : kind < 9 ? random.nextInt(6) : random.nextInt(90);
  }

  private static Object flat(Random random, SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case REAL, DOUBLE -> random.nextDouble();
      case DECIMAL -> new BigDecimal(new BigInteger(120, random), 3);
      case VARCHAR -> "ä".repeat(random.nextInt(9));
      case VARBINARY -> new byte[random.nextInt(9)];
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      default -> random.nextLong();
    };
  }

  /** Floats of any bits, and NULLs with something below them, as vectors of others may have. */
  private static void disturb(Random random, FieldVector vector) {
    int count = vector.getValueCount();
    if (vector instanceof Float4Vector || vector instanceof Float8Vector) {
      byte[] bits = new byte[((BaseFixedWidthVector) vector).getTypeWidth()];
      for (int i = 0; i < count; i++) {
        random.nextBytes(bits);
        vector.getDataBuffer().setBytes((long) i * bits.length, bits);
      }
    }
    boolean entries = vector instanceof MapVector;
    for (FieldVector child : vector.getChildrenFromFields()) {
      if (entries) {
        disturb(random, child.getChildrenFromFields().get(1));
      } else {
        disturb(random, child);
      }
    }
    for (int i = 0; i < count; i++) {
      if (random.nextInt(20) == 0) {
        BitVectorHelper.unsetBit(vector.getValidityBuffer(), i);
      }
    }
  }

  private static ColumnDefinition column(SqlType type, int number) {
    return new ColumnDefinition("c" + number, type, true, null);
  }

  @RepeatedTest(300)
  void rowsReadBackAreTheVectors(RepetitionInfo info, BufferAllocator allocator)
      throws IOException {
    long seed = info.getCurrentRepetition();
    Random random = new Random(seed);
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      boolean nested = random.nextInt(4) > 0;
      columns.add(column(type(random, nested ? 4 : 0, nested), i));
    }
    double nulls = random.nextInt(3) * 0.2;
    boolean disturbed = random.nextBoolean();
    int count = random.nextInt(200);
    List<FieldVector> vectors = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        values.add(value(random, column.type(), nulls));
      }
      FieldVector vector = Cells.vector(column.type(), values, allocator);
      if (disturbed) {
        disturb(random, vector);
      }
      vectors.add(vector);
    }
    RowLayout layout = RowLayout.of(columns);
    RowEncoder encoder = new RowEncoder(layout, 1);
    // rows of before must leave nothing
    encoder.encode(vectors, count);
    EncodedRows rows = encoder.encode(vectors, count);
    int[] wanted = new int[random.nextInt(300)];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = random.nextInt(count + 1) - 1;
    }
    for (int c = 0; c < columns.size(); c++) {
      FieldVector from = vectors.get(c);
      RowDecoder decoder = new RowDecoder(layout, c, rows, wanted, wanted.length);
      try (Slab slab = new Slab(allocator, decoder.room());
          FieldVector read = decoder.read(slab, allocator)) {
        String what = "seed " + seed + ", " + columns.get(c).type();
        assertEquals(from.getField().getType(), read.getField().getType(), what);
        assertEquals(wanted.length, read.getValueCount(), what);
        for (int i = 0; i < wanted.length; i++) {
          if (wanted[i] < 0) {
            assertTrue(read.isNull(i), what);
          } else {
            same(from, wanted[i], read, i, what);
          }
        }
        sent(read, what, allocator);
      }
    }
    vectors.forEach(FieldVector::close);
  }

  /** The definition of equal cells, bit by bit. */
  private static void same(FieldVector left, int i, FieldVector right, int j, String what) {
    assertEquals(left.isNull(i), right.isNull(j), what);
    if (left.isNull(i)) {
      return;
    }
    switch (left) {
      case BitVector bits -> assertEquals(bits.get(i), ((BitVector) right).get(j), what);
      case BaseFixedWidthVector fixed -> {
        int width = fixed.getTypeWidth();
        assertEquals(
            bytes(left.getDataBuffer(), (long) i * width, width),
            bytes(right.getDataBuffer(), (long) j * width, width),
            what);
      }
      case BaseVariableWidthVector strings ->
          assertEquals(
              Arrays.toString(strings.get(i)),
              Arrays.toString(((BaseVariableWidthVector) right).get(j)),
              what);
      case ListVector list -> {
        ListVector other = (ListVector) right;
        int first = list.getElementStartIndex(i);
        int otherFirst = other.getElementStartIndex(j);
        int count = list.getElementEndIndex(i) - first;
        assertEquals(count, other.getElementEndIndex(j) - otherFirst, what);
        for (int e = 0; e < count; e++) {
          same(list.getDataVector(), first + e, other.getDataVector(), otherFirst + e, what);
        }
      }
      case StructVector row -> {
        for (int f = 0; f < row.size(); f++) {
          same(
              (FieldVector) row.getChildByOrdinal(f),
              i,
              (FieldVector) ((StructVector) right).getChildByOrdinal(f),
              j,
              what);
        }
      }
      default -> throw new AssertionError(left.getField());
    }
  }

  private static String bytes(ArrowBuf buffer, long at, int count) {
    byte[] bytes = new byte[count];
    buffer.getBytes(at, bytes);
    return Arrays.toString(bytes);
  }

  /** What is read can be handed on and sent. */
  private static void sent(FieldVector vector, String what, BufferAllocator allocator)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (VectorSchemaRoot root = VectorSchemaRoot.of(Vectors.share(vector, allocator));
        ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
      writer.writeBatch();
    }
    ByteArrayInputStream input = new ByteArrayInputStream(bytes.toByteArray());
    try (ArrowStreamReader reader = new ArrowStreamReader(input, allocator)) {
      assertTrue(reader.loadNextBatch(), what);
      FieldVector received = reader.getVectorSchemaRoot().getVector(0);
      assertEquals(vector.getValueCount(), received.getValueCount(), what);
      for (int i = 0; i < vector.getValueCount(); i++) {
        same(vector, i, received, i, what);
      }
    }
  }

  @Test
  void anArrayOfFloatsTakesFiveBytesMoreThanItsElements(BufferAllocator allocator) {
    SqlType type = new SqlType.Array(SqlType.REAL);
    List<Double> floats =
        IntStream.range(0, 128).mapToObj(i -> (double) i).collect(Collectors.toList());
    RowLayout layout = RowLayout.of(List.of(column(type, 0)));
    try (FieldVector vector = Cells.vector(type, List.of(floats), allocator)) {
      EncodedRows rows = new RowEncoder(layout, 1).encode(List.of(vector), 1);
      assertEquals(layout.fixedBytes() + 4 + 1 + 512, rows.size());
    }
  }

  @Test
  void whatHasNoFormIsFoundAtAnyDepth() {
    assertTrue(NestedCells.holds(new SqlType.Map(SqlType.VARCHAR, DECIMAL)));
    assertFalse(NestedCells.holds(SqlType.NULL));
    SqlType row = new SqlType.Row(List.of(new SqlType.Row.Field("a", SqlType.NULL)));
    assertFalse(NestedCells.holds(new SqlType.Map(SqlType.VARCHAR, new SqlType.Array(row))));
  }
}
