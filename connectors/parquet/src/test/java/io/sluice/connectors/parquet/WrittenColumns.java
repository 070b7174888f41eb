package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Columns of every type to write, with random values. */
final class WrittenColumns {
  private WrittenColumns() {}

  /**
   * A column to write.
   *
   * @param draw a random value and how it is written
   */
  record Kind(String name, PrimitiveType type, SqlType sql, Function<Random, Cell> draw) {}

  /**
   * @param stored Integer, Long, Float, Double, Boolean or Binary
   * @param expected as read
   */
  record Cell(Object stored, Object expected) {}

  static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    add(
        kinds,
        "bool",
        PrimitiveTypeName.BOOLEAN,
        null,
        SqlType.BOOLEAN,
        r -> same(r.nextBoolean()));
    add(
        kinds,
        "i8",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.intType(8, true),
        SqlType.TINYINT,
        r -> ints(r.nextInt(256) - 128));
    add(
        kinds,
        "i16",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.intType(16, true),
        SqlType.SMALLINT,
        r -> ints(r.nextInt(65536) - 32768));
    add(kinds, "i32", PrimitiveTypeName.INT32, null, SqlType.INTEGER, r -> ints(r.nextInt()));
    add(kinds, "i32as64", PrimitiveTypeName.INT32, null, SqlType.BIGINT, r -> ints(r.nextInt()));
    add(
        kinds,
        "u8",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.intType(8, false),
        SqlType.SMALLINT,
        r -> ints(r.nextInt(256)));
    add(
        kinds,
        "u16",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.intType(16, false),
        SqlType.INTEGER,
        r -> ints(r.nextInt(65536)));
    add(
        kinds,
        "u32",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.intType(32, false),
        SqlType.BIGINT,
        r -> {
          int v = r.nextInt();
          return new Cell(v, v & 0xFFFFFFFFL);
        });
    add(kinds, "i64", PrimitiveTypeName.INT64, null, SqlType.BIGINT, r -> same(r.nextLong()));
    add(
        kinds,
        "i64small",
        PrimitiveTypeName.INT64,
        null,
        SqlType.BIGINT,
        r -> same((long) r.nextInt(1000)));
    add(
        kinds,
        "u64",
        PrimitiveTypeName.INT64,
        LogicalTypeAnnotation.intType(64, false),
        new SqlType.Decimal(20, 0),
        r -> {
          long v = r.nextLong();
          return new Cell(v, new BigDecimal(new BigInteger(Long.toUnsignedString(v))));
        });
    add(
        kinds,
        "f32",
        PrimitiveTypeName.FLOAT,
        null,
        SqlType.REAL,
        r -> {
          float v = r.nextFloat();
          return new Cell(v, (double) v);
        });
    add(
        kinds,
        "f32as64",
        PrimitiveTypeName.FLOAT,
        null,
        SqlType.DOUBLE,
        r -> {
          float v = r.nextInt(10) == 0 ? Float.NaN : (float) r.nextGaussian();
          return new Cell(v, (double) v);
        });
    add(
        kinds,
        "f64",
        PrimitiveTypeName.DOUBLE,
        null,
        SqlType.DOUBLE,
        r -> same(r.nextInt(10) == 0 ? -0.0 : r.nextGaussian()));
    kinds.add(
        fixed(
            "f16",
            2,
            LogicalTypeAnnotation.float16Type(),
            SqlType.REAL,
            r -> {
              short v = Float.floatToFloat16((float) r.nextGaussian());
              byte[] bytes = {(byte) v, (byte) (v >> 8)};
              return new Cell(
                  Binary.fromConstantByteArray(bytes), (double) Float.float16ToFloat(v));
            }));
    add(
        kinds,
        "text",
        PrimitiveTypeName.BINARY,
        LogicalTypeAnnotation.stringType(),
        SqlType.VARCHAR,
        r -> text(r, 40));
    add(kinds, "plaintext", PrimitiveTypeName.BINARY, null, SqlType.VARCHAR, r -> text(r, 6));
    add(
        kinds,
        "bytes",
        PrimitiveTypeName.BINARY,
        null,
        SqlType.VARBINARY,
        r -> {
          byte[] v = bytes(r, r.nextInt(30));
          return new Cell(Binary.fromConstantByteArray(v), v);
        });
    kinds.add(
        fixed(
            "fixed",
            5,
            null,
            SqlType.VARBINARY,
            r -> {
              byte[] v = bytes(r, 5);
              return new Cell(Binary.fromConstantByteArray(v), v);
            }));
    kinds.add(
        fixed(
            "uuid",
            16,
            LogicalTypeAnnotation.uuidType(),
            SqlType.UUID,
            r -> {
              UUID v = new UUID(r.nextLong(), r.nextLong());
              ByteBuffer b = ByteBuffer.allocate(16);
              b.putLong(v.getMostSignificantBits()).putLong(v.getLeastSignificantBits());
              return new Cell(Binary.fromConstantByteArray(b.array()), v);
            }));
    decimals(kinds);
    times(kinds);
    return kinds;
  }

  private static void decimals(List<Kind> kinds) {
    add(
        kinds,
        "dec32",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.decimalType(2, 9),
        new SqlType.Decimal(9, 2),
        r -> {
          int v = r.nextInt(1_999_999_999) - 999_999_999;
          return new Cell(v, BigDecimal.valueOf(v, 2));
        });
    add(
        kinds,
        "dec64",
        PrimitiveTypeName.INT64,
        LogicalTypeAnnotation.decimalType(3, 18),
        new SqlType.Decimal(20, 5),
        r -> {
          long v = r.nextLong() % 999_999_999_999_999_999L;
          return new Cell(v, BigDecimal.valueOf(v, 3).setScale(5));
        });
    for (int width : new int[] {3, 8, 9, 16}) {
      int precision = width == 3 ? 6 : width == 8 ? 18 : width == 9 ? 20 : 38;
      kinds.add(
          fixed(
              "dec" + width,
              width,
              LogicalTypeAnnotation.decimalType(2, precision),
              new SqlType.Decimal(precision, 2),
              r -> {
                BigInteger v = new BigInteger(width * 8 - 8, r);
                v = r.nextBoolean() ? v.negate() : v;
                byte[] small = v.toByteArray();
                byte[] all = new byte[width];
                java.util.Arrays.fill(all, (byte) (v.signum() < 0 ? -1 : 0));
                System.arraycopy(small, 0, all, width - small.length, small.length);
                return new Cell(Binary.fromConstantByteArray(all), new BigDecimal(v, 2));
              }));
    }
    add(
        kinds,
        "decbin",
        PrimitiveTypeName.BINARY,
        LogicalTypeAnnotation.decimalType(4, 30),
        new SqlType.Decimal(30, 4),
        r -> {
          BigInteger v = new BigInteger(r.nextInt(96), r);
          v = r.nextBoolean() ? v.negate() : v;
          return new Cell(Binary.fromConstantByteArray(v.toByteArray()), new BigDecimal(v, 4));
        });
  }

  private static void times(List<Kind> kinds) {
    add(
        kinds,
        "date",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.dateType(),
        SqlType.DATE,
        r -> ints(r.nextInt(40000) - 10000));
    add(
        kinds,
        "date_ts",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.dateType(),
        SqlType.TIMESTAMP,
        r -> {
          int v = r.nextInt(40000) - 10000;
          return new Cell(v, v * 86_400_000_000L);
        });
    add(
        kinds,
        "time_ms",
        PrimitiveTypeName.INT32,
        LogicalTypeAnnotation.timeType(false, TimeUnit.MILLIS),
        SqlType.TIME,
        r -> {
          int v = r.nextInt(86_400_000);
          return new Cell(v, v * 1000L);
        });
    add(
        kinds,
        "time_us",
        PrimitiveTypeName.INT64,
        LogicalTypeAnnotation.timeType(true, TimeUnit.MICROS),
        SqlType.TIME,
        r -> same(r.nextLong(86_400_000_000L)));
    add(
        kinds,
        "time_ns",
        PrimitiveTypeName.INT64,
        LogicalTypeAnnotation.timeType(true, TimeUnit.NANOS),
        SqlType.TIME,
        r -> {
          long v = r.nextLong(86_400_000_000L);
          return new Cell(v * 1000, v);
        });
    for (boolean zoned : new boolean[] {false, true}) {
      String z = zoned ? "tz" : "";
      SqlType micros = new SqlType.Timestamp(6, zoned);
      SqlType nanos = new SqlType.Timestamp(9, zoned);
      add(
          kinds,
          "ts_ms" + z,
          PrimitiveTypeName.INT64,
          LogicalTypeAnnotation.timestampType(zoned, TimeUnit.MILLIS),
          micros,
          r -> {
            long v = r.nextLong(1L << 42) - (1L << 40);
            return new Cell(v, v * 1000);
          });
      add(
          kinds,
          "ts_us" + z,
          PrimitiveTypeName.INT64,
          LogicalTypeAnnotation.timestampType(zoned, TimeUnit.MICROS),
          micros,
          r -> same(r.nextLong(1L << 52) - (1L << 50)));
      add(
          kinds,
          "ts_us_as_ns" + z,
          PrimitiveTypeName.INT64,
          LogicalTypeAnnotation.timestampType(zoned, TimeUnit.MICROS),
          nanos,
          r -> {
            long v = r.nextLong(1L << 52) - (1L << 50);
            return new Cell(v, v * 1000);
          });
      add(
          kinds,
          "ts_ns" + z,
          PrimitiveTypeName.INT64,
          LogicalTypeAnnotation.timestampType(zoned, TimeUnit.NANOS),
          nanos,
          r -> same(r.nextLong()));
      add(
          kinds,
          "ts_ns_as_us" + z,
          PrimitiveTypeName.INT64,
          LogicalTypeAnnotation.timestampType(zoned, TimeUnit.NANOS),
          micros,
          r -> {
            long v = r.nextLong(1L << 52) - (1L << 50);
            return new Cell(v * 1000, v);
          });
    }
    add(
        kinds,
        "int96",
        PrimitiveTypeName.INT96,
        null,
        SqlType.TIMESTAMP_TZ,
        r -> {
          long v = r.nextLong(1L << 52) - (1L << 50);
          return new Cell(int96(v), v);
        });
  }

  static Binary int96(long micros) {
    ByteBuffer b = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(Math.floorMod(micros, 86_400_000_000L) * 1000);
    b.putInt((int) (Math.floorDiv(micros, 86_400_000_000L) + 2_440_588));
    return Binary.fromConstantByteArray(b.array());
  }

  private static void add(
      List<Kind> kinds,
      String name,
      PrimitiveTypeName physical,
      @Nullable LogicalTypeAnnotation annotation,
      SqlType sql,
      Function<Random, Cell> draw) {
    var builder = Types.primitive(physical, Repetition.OPTIONAL);
    if (annotation != null) {
      builder = builder.as(annotation);
    }
    kinds.add(new Kind(name, builder.named(name), sql, draw));
  }

  private static Kind fixed(
      String name,
      int width,
      @Nullable LogicalTypeAnnotation annotation,
      SqlType sql,
      Function<Random, Cell> draw) {
    var builder =
        Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, Repetition.OPTIONAL).length(width);
    if (annotation != null) {
      builder = builder.as(annotation);
    }
    return new Kind(name, builder.named(name), sql, draw);
  }

  private static Cell same(Object value) {
    return new Cell(value, value);
  }

  private static Cell ints(int value) {
    return new Cell(value, (long) value);
  }

  private static Cell text(Random random, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(length); i > 0; i--) {
      out.appendCodePoint(random.nextInt(20) == 0 ? 0x1F600 + i : 'a' + random.nextInt(26));
    }
    String v = out.toString();
    return new Cell(Binary.fromString(v), v);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
