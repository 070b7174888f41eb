package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.bigint;
import static io.sluice.engine.expression.Expressions.call;
import static io.sluice.engine.expression.Expressions.input;
import static io.sluice.engine.expression.Expressions.literal;
import static io.sluice.engine.expression.Expressions.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Against a plain writing of the published form. */
@ExtendWith(AllocatorExtension.class)
class ContentHashTest {
  private static final SqlType ROW =
      new SqlType.Row(
          List.of(
              new SqlType.Row.Field("a", SqlType.SMALLINT),
              new SqlType.Row.Field("b", new SqlType.Array(SqlType.VARCHAR))));
  private static final SqlType MAP = new SqlType.Map(SqlType.VARCHAR, SqlType.DOUBLE);
  private static final List<SqlType> TYPES =
      List.of(
          SqlType.BOOLEAN,
          SqlType.TINYINT,
          SqlType.SMALLINT,
          SqlType.INTEGER,
          SqlType.BIGINT,
          SqlType.REAL,
          SqlType.DOUBLE,
          new SqlType.Decimal(30, 3),
          SqlType.VARCHAR,
          SqlType.VARBINARY,
          SqlType.DATE,
          SqlType.TIME,
          SqlType.TIMESTAMP,
          new SqlType.Timestamp(9, true),
          SqlType.INTERVAL_MONTHS,
          SqlType.INTERVAL_MICROS,
          SqlType.UUID,
          new SqlType.Array(SqlType.INTEGER),
          ROW,
          MAP);

  @Test
  void rowsOfAllTypesHashAsTheFormSays(BufferAllocator allocator) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int rows = 600;
    List<List<@Nullable Object>> columns = new ArrayList<>();
    Expression[] cells = new Expression[TYPES.size()];
    for (int c = 0; c < TYPES.size(); c++) {
      List<@Nullable Object> column = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        column.add(random.nextInt(5) == 0 ? null : cell(TYPES.get(c), random));
      }
      columns.add(column);
      cells[c] = input(c, TYPES.get(c));
    }
    List<@Nullable Object> hashes =
        Expressions.evaluateAllForms(
            allocator, call("content_hash", cells), TYPES, columns, ZoneOffset.UTC);
    Expression[] seeded = new Expression[cells.length + 1];
    System.arraycopy(cells, 0, seeded, 1, cells.length);
    seeded[0] = bigint(-7);
    List<@Nullable Object> orders =
        Expressions.evaluateAllForms(
            allocator, call("sample_order", seeded), TYPES, columns, ZoneOffset.UTC);
    List<@Nullable Object> units =
        Expressions.evaluateAllForms(
            allocator, call("sample_hash", seeded), TYPES, columns, ZoneOffset.UTC);
    for (int i = 0; i < rows; i++) {
      ByteArrayOutputStream narrow = new ByteArrayOutputStream();
      ByteArrayOutputStream wide = new ByteArrayOutputStream();
      wide.write(little(-7, 8));
      for (int c = 0; c < TYPES.size(); c++) {
        write(TYPES.get(c), columns.get(c).get(i), false, narrow);
        write(TYPES.get(c), columns.get(c).get(i), true, wide);
      }
      assertEquals(
          Arrays.toString(sha(narrow.toByteArray())), hashes.get(i), "row " + i + ", seed " + seed);
      long head = ByteBuffer.wrap(sha(wide.toByteArray())).getLong();
      assertEquals(head ^ Long.MIN_VALUE, orders.get(i), "row " + i + ", seed " + seed);
      assertEquals(
          Math.scalb((double) (head >>> 11), -53), units.get(i), "row " + i + ", seed " + seed);
    }
  }

  @Test
  void integersOfAllTypesSampleAlikeButHashByType() {
    double unit = sample(SqlType.BIGINT, 7L);
    for (SqlType type : List.of(SqlType.TINYINT, SqlType.SMALLINT, SqlType.INTEGER)) {
      assertEquals(unit, sample(type, 7L));
      assertNotEquals(hex(literal(SqlType.BIGINT, 7L)), hex(literal(type, 7L)));
    }
    assertTrue(unit >= 0 && unit < 1);
  }

  @Test
  void longRowsAreWhole(BufferAllocator allocator) throws Exception {
    String text = "long text ".repeat(200_000);
    List<List<String>> columns = List.of(List.of("a", text, "b", text, text, text, "c"));
    List<@Nullable Object> hashes =
        Expressions.evaluateAllForms(
            allocator,
            call("content_hash", input(0, SqlType.VARCHAR)),
            List.of(SqlType.VARCHAR),
            columns,
            ZoneOffset.UTC);
    for (int i = 0; i < 7; i++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      write(SqlType.VARCHAR, columns.getFirst().get(i), false, bytes);
      assertEquals(Arrays.toString(sha(bytes.toByteArray())), hashes.get(i));
    }
  }

  private static String hex(Expression cell) {
    return HexFormat.of()
        .formatHex((byte[]) Objects.requireNonNull(value(call("content_hash", cell))));
  }

  private static double sample(SqlType type, Object cell) {
    return (Double)
        Objects.requireNonNull(value(call("sample_hash", bigint(42), literal(type, cell))));
  }

  private static byte[] sha(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static byte[] little(long value, int width) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return Arrays.copyOf(all, width);
  }

  private static void write(
      SqlType type, @Nullable Object cell, boolean wide, ByteArrayOutputStream out)
      throws Exception {
    if (cell == null) {
      out.write(0);
      return;
    }
    out.write(1);
    switch (type.kind()) {
      case BOOLEAN -> out.write((Boolean) cell ? 1 : 0);
      case TINYINT -> out.write(little((Long) cell, wide ? 8 : 1));
      case SMALLINT -> out.write(little((Long) cell, wide ? 8 : 2));
      case INTEGER -> out.write(little((Long) cell, wide ? 8 : 4));
      case DATE, INTERVAL_MONTHS -> out.write(little((Long) cell, 4));
      case BIGINT, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MICROS ->
          out.write(little((Long) cell, 8));
      case REAL -> {
        float value = ((Double) cell).floatValue();
        out.write(little(Float.isNaN(value) ? 0x7fc00000 : Float.floatToRawIntBits(value), 4));
      }
      case DOUBLE -> {
        double value = (Double) cell;
        out.write(
            little(
                Double.isNaN(value) ? 0x7ff8000000000000L : Double.doubleToRawLongBits(value), 8));
      }
      case DECIMAL -> {
        byte[] big = ((BigDecimal) cell).unscaledValue().toByteArray();
        for (int i = 0; i < 16; i++) {
          out.write(i < big.length ? big[big.length - 1 - i] : big[0] < 0 ? -1 : 0);
        }
      }
      case VARCHAR -> string(((String) cell).getBytes(StandardCharsets.UTF_8), out);
      case VARBINARY -> string((byte[]) cell, out);
      case UUID -> {
        UUID uuid = (UUID) cell;
        out.write(HexFormat.of().parseHex(uuid.toString().replace("-", "")));
      }
      case ARRAY -> {
        List<?> elements = (List<?>) cell;
        out.write(little(elements.size(), 4));
        for (Object element : elements) {
          write(((SqlType.Array) type).element(), element, wide, out);
        }
      }
      case MAP -> map((SqlType.Map) type, (Map<?, ?>) cell, wide, out);
      case ROW -> {
        List<SqlType.Row.Field> fields = ((SqlType.Row) type).fields();
        for (int i = 0; i < fields.size(); i++) {
          write(fields.get(i).type(), ((List<?>) cell).get(i), wide, out);
        }
      }
      case NULL -> throw new AssertionError();
    }
  }

  private static void string(byte[] bytes, ByteArrayOutputStream out) {
    out.writeBytes(little(bytes.length, 4));
    out.writeBytes(bytes);
  }

  private static void map(SqlType.Map type, Map<?, ?> map, boolean wide, ByteArrayOutputStream out)
      throws Exception {
    out.write(little(map.size(), 4));
    List<byte[][]> entries = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      ByteArrayOutputStream key = new ByteArrayOutputStream();
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      write(type.key(), entry.getKey(), wide, key);
      write(type.value(), entry.getValue(), wide, value);
      entries.add(new byte[][] {key.toByteArray(), value.toByteArray()});
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a[0], b[0]));
    for (byte[][] entry : entries) {
      out.write(entry[0]);
      out.write(entry[1]);
    }
  }

  private static Object cell(SqlType type, Random random) {
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case TINYINT -> (long) (byte) random.nextInt();
      case SMALLINT -> (long) (short) random.nextInt();
      case INTEGER, DATE, INTERVAL_MONTHS -> (long) random.nextInt();
      case BIGINT, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MICROS -> random.nextLong();
      case TIME -> random.nextLong(86_400_000_000L);
      case REAL -> (double) floats(random).floatValue();
      case DOUBLE -> floats(random);
      case DECIMAL -> BigDecimal.valueOf(random.nextLong(), 3);
      case VARCHAR -> "é".repeat(random.nextInt(3)) + "x".repeat(random.nextInt(80));
      case VARBINARY -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      case ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(
              random.nextInt(4) == 0 ? null : cell(((SqlType.Array) type).element(), random));
        }
        yield elements;
      }
      case MAP -> {
        Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          entries.put("k" + random.nextInt(100), random.nextInt(4) == 0 ? null : floats(random));
        }
        yield entries;
      }
      case ROW -> {
        List<@Nullable Object> fields = new ArrayList<>();
        for (SqlType.Row.Field field : ((SqlType.Row) type).fields()) {
          fields.add(random.nextInt(4) == 0 ? null : cell(field.type(), random));
        }
        yield fields;
      }
      case NULL -> throw new AssertionError();
    };
  }

  private static Double floats(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Double.NaN;
      case 1 -> Double.longBitsToDouble(0xfff8000000000123L);
      case 2 -> -0.0;
      case 3 -> Double.NEGATIVE_INFINITY;
      default -> random.nextGaussian();
    };
  }
}
