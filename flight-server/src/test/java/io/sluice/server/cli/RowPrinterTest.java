package io.sluice.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class RowPrinterTest {
  private static String print(
      RowPrinter.Format format,
      List<SqlType> types,
      List<List<?>> columns,
      BufferAllocator memory) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    RowPrinter printer = format.printer(out);
    List<FieldVector> vectors = new java.util.ArrayList<>();
    List<org.apache.arrow.vector.types.pojo.Field> fields = new java.util.ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      vectors.add(Cells.vector(types.get(i), columns.get(i), memory));
      fields.add(ArrowTypes.field("c" + i, types.get(i), true));
    }
    printer.begin(fields);
    printer.rows(vectors, columns.get(0).size());
    printer.end();
    vectors.forEach(FieldVector::close);
    return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test
  void tablesAlignAndShowNull(BufferAllocator memory) {
    assertEquals(
        """
          c0 | c1
        -----+------
           1 | a
         -20 | NULL
        """,
        print(
            RowPrinter.Format.TABLE,
            List.of(SqlType.INTEGER, SqlType.VARCHAR),
            List.of(List.of(1L, -20L), Arrays.asList("a", null)),
            memory));
  }

  @Test
  void csvTellsNullFromEmpty(BufferAllocator memory) {
    assertEquals(
        "c0\na\n\n\"\"\n\"x,\"\"y\"\"\"\n",
        print(
            RowPrinter.Format.CSV,
            List.of(SqlType.VARCHAR),
            List.of(Arrays.asList("a", null, "", "x,\"y\"")),
            memory));
  }

  @Test
  void jsonKeepsTypes(BufferAllocator memory) {
    assertEquals(
        "[\n{\"c0\":1.50,\"c1\":\"NaN\",\"c2\":[1,null],\"c3\":{\"k\":true},\"c4\":null}\n]\n",
        print(
            RowPrinter.Format.JSON,
            List.of(
                new SqlType.Decimal(5, 2),
                SqlType.DOUBLE,
                new SqlType.Array(SqlType.BIGINT),
                new SqlType.Map(SqlType.VARCHAR, SqlType.BOOLEAN),
                SqlType.VARCHAR),
            List.of(
                List.of(new BigDecimal("1.50")),
                List.of(Double.NaN),
                List.of(Arrays.asList(1L, null)),
                List.of(Map.of("k", true)),
                Arrays.asList((Object) null)),
            memory));
  }

  @Test
  void timesReadAsInSql(BufferAllocator memory) {
    assertEquals("2013-01-02", text(SqlType.DATE, 15_707L, memory));
    assertEquals("05:06:07.5", text(SqlType.TIME, 18_367_500_000L, memory));
    assertEquals("1969-12-31 23:59:59.999999", text(SqlType.TIMESTAMP, -1L, memory));
    assertEquals("1970-01-01 00:00:00+00:00", text(SqlType.TIMESTAMP_TZ, 0L, memory));
    assertEquals(
        "1970-01-01 00:00:00.000000001", text(new SqlType.Timestamp(9, false), 1L, memory));
    assertEquals("-2 days 01:00:00", text(SqlType.INTERVAL_MICROS, -176_400_000_000L, memory));
    assertEquals("P1Y2M", text(SqlType.INTERVAL_MONTHS, 14L, memory));
    UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    assertEquals(uuid.toString(), text(SqlType.UUID, uuid, memory));
    assertEquals("00ff", text(SqlType.VARBINARY, new byte[] {0, -1}, memory));
  }

  private static String text(SqlType type, @Nullable Object value, BufferAllocator memory) {
    try (FieldVector vector = Cells.vector(type, Arrays.asList(value), memory)) {
      return CellValue.text(CellValue.of(vector, 0));
    }
  }
}
