package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.bigint;
import static io.sluice.engine.expression.Expressions.cast;
import static io.sluice.engine.expression.Expressions.decimal;
import static io.sluice.engine.expression.Expressions.error;
import static io.sluice.engine.expression.Expressions.integer;
import static io.sluice.engine.expression.Expressions.literal;
import static io.sluice.engine.expression.Expressions.number;
import static io.sluice.engine.expression.Expressions.text;
import static io.sluice.engine.expression.Expressions.tryCast;
import static io.sluice.engine.expression.Expressions.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class CastsTest {
  private static final SqlType TEXT = SqlType.VARCHAR;

  private static void lost(Expression input, SqlType type) {
    assertEquals(ErrorCode.INVALID_CAST, error(cast(input, type)).code());
    assertNull(value(tryCast(input, type)));
  }

  @Test
  void whatWouldBeLostIsAnError() {
    lost(integer(300), SqlType.TINYINT);
    lost(bigint(1L << 40), SqlType.INTEGER);
    lost(decimal("1.5"), SqlType.INTEGER);
    lost(number(1.5), SqlType.INTEGER);
    lost(number(Double.NaN), SqlType.BIGINT);
    lost(number(1e19), SqlType.BIGINT);
    lost(number(1e300), SqlType.REAL);
    lost(decimal("1.55"), new SqlType.Decimal(3, 1));
    lost(decimal("123.4"), new SqlType.Decimal(3, 1));
    lost(number(0.25), new SqlType.Decimal(3, 1));
    lost(bigint(100), new SqlType.Decimal(4, 2));
    lost(text("1.5"), SqlType.INTEGER);
    lost(text("9223372036854775808"), SqlType.BIGINT);
    lost(text("1e999"), SqlType.DOUBLE);
    assertEquals(
        "300 (INTEGER) cannot be converted to TINYINT without loss",
        error(cast(integer(300), SqlType.TINYINT)).getMessage());
  }

  @Test
  void whatKeepsItsValueIsConverted() {
    assertEquals(2L, value(cast(number(2), SqlType.TINYINT)));
    assertEquals(new BigDecimal("1.5"), value(cast(decimal("1.50"), new SqlType.Decimal(3, 1))));
    assertEquals(new BigDecimal("0.1"), value(cast(number(0.1), new SqlType.Decimal(3, 1))));
    assertEquals(0.1, value(cast(decimal("0.1"), SqlType.DOUBLE)));
    assertEquals(Long.MIN_VALUE, value(cast(text("-9223372036854775808"), SqlType.BIGINT)));
    assertEquals(1L, value(cast(text("1.0"), SqlType.INTEGER)));
    assertEquals(
        new BigDecimal("12345678901234567890123456789012345678"),
        value(cast(text("12345678901234567890123456789012345678"), new SqlType.Decimal(38, 0))));
    assertEquals(Double.NaN, value(cast(text("NaN"), SqlType.DOUBLE)));
    assertEquals(Double.NEGATIVE_INFINITY, value(cast(text("-Infinity"), SqlType.DOUBLE)));
    assertEquals(1e10, value(cast(text("1e10"), SqlType.DOUBLE)));
  }

  @Test
  void textOfNumbers() {
    assertEquals("1.0", value(cast(number(1), TEXT)));
    assertEquals("0.1", value(cast(number(0.1), TEXT)));
    assertEquals("1e+16", value(cast(number(1e16), TEXT)));
    assertEquals("1.5e-05", value(cast(number(0.000015), TEXT)));
    assertEquals("0.0001", value(cast(number(0.0001), TEXT)));
    assertEquals("1000000000000000.0", value(cast(number(1e15), TEXT)));
    assertEquals("-0.0", value(cast(number(-0.0), TEXT)));
    assertEquals("nan", value(cast(number(Double.NaN), TEXT)));
    assertEquals("inf", value(cast(number(Double.POSITIVE_INFINITY), TEXT)));
    assertEquals("0.1", value(cast(literal(SqlType.REAL, (double) 0.1f), TEXT)));
    assertEquals("1.50", value(cast(decimal("1.50"), TEXT)));
  }

  @Test
  void booleans() {
    for (String yes : List.of("true", "T", "yes", "on", "1", " TRUE ")) {
      assertEquals(true, value(cast(text(yes), SqlType.BOOLEAN)));
    }
    for (String no : List.of("false", "f", "no", "OFF", "0")) {
      assertEquals(false, value(cast(text(no), SqlType.BOOLEAN)));
    }
    lost(text("maybe"), SqlType.BOOLEAN);
    lost(text(""), SqlType.BOOLEAN);
    assertEquals("true", value(cast(literal(SqlType.BOOLEAN, true), TEXT)));
    assertEquals(1L, value(cast(literal(SqlType.BOOLEAN, true), SqlType.INTEGER)));
  }

  @Test
  void bytesAndUuids() {
    byte[] bytes = "süß".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(bytes, (byte[]) value(cast(text("süß"), SqlType.VARBINARY)));
    assertEquals("süß", value(cast(literal(SqlType.VARBINARY, bytes), TEXT)));
    lost(literal(SqlType.VARBINARY, new byte[] {(byte) 0xff}), TEXT);
    UUID uuid = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    assertEquals(uuid, value(cast(text(uuid.toString()), SqlType.UUID)));
    assertEquals(uuid.toString(), value(cast(literal(SqlType.UUID, uuid), TEXT)));
    lost(text("01234567"), SqlType.UUID);
  }

  @Test
  void nestedValuesAsText() {
    SqlType array = new SqlType.Array(SqlType.BIGINT);
    assertEquals("[1, 2]", value(cast(literal(array, List.of(1L, 2L)), TEXT)));
    SqlType row = new SqlType.Row(List.of(new SqlType.Row.Field("a", SqlType.BIGINT)));
    assertEquals("{'a': 1}", value(cast(literal(row, List.of(1L)), TEXT)));
  }

  @Test
  void thereAreConversionsThatMakeNoSense() {
    assertEquals(ErrorCode.TYPE_MISMATCH, error(cast(integer(1), SqlType.DATE)).code());
    assertEquals(
        ErrorCode.TYPE_MISMATCH, error(cast(literal(SqlType.DATE, 1L), SqlType.INTEGER)).code());
  }

  @Test
  void aColumnOfTypeNullBecomesAnyType(BufferAllocator allocator) {
    List<SqlType> types =
        List.of(
            SqlType.BIGINT,
            TEXT,
            SqlType.BOOLEAN,
            new SqlType.Decimal(10, 2),
            SqlType.TIMESTAMP_TZ,
            new SqlType.Array(SqlType.BIGINT));
    for (SqlType type : types) {
      assertEquals(
          Collections.nCopies(4, null),
          Expressions.evaluateAllForms(
              allocator,
              cast(Expressions.input(0, SqlType.NULL), type),
              List.of(SqlType.NULL),
              List.of(Collections.nCopies(4, null)),
              ZoneOffset.UTC));
    }
    assertEquals(
        Collections.nCopies(4, true),
        Expressions.evaluateAllForms(
            allocator,
            Expressions.call("is_null", Expressions.input(0, SqlType.NULL)),
            List.of(SqlType.NULL),
            List.of(Collections.nCopies(4, null)),
            ZoneOffset.UTC));
  }

  @Test
  void nullStaysNull() {
    for (SqlType type : List.of(SqlType.INTEGER, TEXT, SqlType.DATE, SqlType.UUID)) {
      assertNull(value(cast(literal(SqlType.NULL, null), type)));
      assertNull(value(cast(literal(SqlType.BIGINT, null), TEXT)));
    }
  }
}
