package io.sluice.connectors.iceberg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the Iceberg library writes is what we read, and the other way round; what we refuse is
 * named. The table in {@code docs/iceberg.md} is what this finds; {@code -Diceberg.matrix=write}
 * writes it.
 */
@ExtendWith(AllocatorExtension.class)
class MatrixTest {
  private static final Path GUIDE = Path.of("../../docs/iceberg.md");
  private static final String BEGIN = "<!-- what the Iceberg library writes: begin -->\n";
  private static final String END = "<!-- what the Iceberg library writes: end -->\n";

  private static final Schema PLAIN =
      new Schema(
          Types.NestedField.optional(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "s", Types.StringType.get()),
          Types.NestedField.optional(3, "ts", Types.TimestampType.withoutZone()),
          Types.NestedField.optional(4, "d", Types.DecimalType.of(9, 2)),
          Types.NestedField.optional(5, "i", Types.IntegerType.get()),
          Types.NestedField.optional(
              6,
              "r",
              Types.StructType.of(
                  Types.NestedField.optional(7, "p", Types.IntegerType.get()),
                  Types.NestedField.optional(8, "q", Types.StringType.get()))));

  private final List<String> found = new ArrayList<>();

  @Test
  void matrix(BufferAllocator allocator, @TempDir Path folder) throws IOException {
    Cases cases = new Cases(folder, allocator);
    for (int version = 1; version <= 3; version++) {
      cases.both("format version " + version, version, other -> other.rows(0, 9));
    }
    types(cases);
    nestedTypes(cases);
    nanoseconds(cases);
    deletes(cases);
    partitions(cases);
    evolution(cases);
    refusals(cases);
    String table =
        "| what | written by the library, read by Sluice | written by Sluice, read by the library |\n"
            + "| --- | --- | --- |\n"
            + String.join("", found);
    String guide = Files.readString(GUIDE);
    int begin = guide.indexOf(BEGIN) + BEGIN.length();
    int end = guide.indexOf(END);
    assertTrue(begin >= BEGIN.length() && end >= begin, GUIDE + " has no place for the table");
    if ("write".equals(System.getProperty("iceberg.matrix"))) {
      Files.writeString(GUIDE, guide.substring(0, begin) + table + guide.substring(end));
    } else {
      assertEquals(
          guide.substring(begin, end), table, "run with -Diceberg.matrix=write and look at it");
    }
  }

  /** Runs scenarios, each in a lake of its own, and notes what came of them. */
  private final class Cases {
    private final Path folder;
    private final BufferAllocator allocator;
    private int number;

    Cases(Path folder, BufferAllocator allocator) {
      this.folder = folder;
      this.allocator = allocator;
    }

    private OtherTable other(Schema schema, int version) {
      return new OtherTable(folder.resolve("lake" + number++), allocator, schema, version);
    }

    /** The library makes the table and writes; then we add the same rows. */
    void both(String what, int version, Consumer<OtherTable> write) {
      both(what, PLAIN, version, write);
    }

    void both(String what, Schema schema, int version, Consumer<OtherTable> write) {
      try (OtherTable other = other(schema, version)) {
        write.accept(other);
        List<List<@Nullable Object>> rows = other.ours();
        assertFalse(rows.isEmpty(), what);
        same(other, what);
        other.lake.write("t", other.lake.table("t").definition(), WriteMode.APPEND, rows);
        assertEquals(2 * rows.size(), other.ours().size(), what);
        same(other, what);
      }
      found.add("| " + what + " | the same rows | the same rows |\n");
    }

    /** Sluice does not write it. */
    void read(String what, int version, Consumer<OtherTable> write) {
      try (OtherTable other = other(PLAIN, version)) {
        write.accept(other);
        assertFalse(other.ours().isEmpty(), what);
        same(other, what);
      }
      found.add("| " + what + " | the same rows | not written |\n");
    }

    private void same(OtherTable other, String what) {
      assertEquals(OtherWriter.sorted(other.theirs()), OtherWriter.sorted(other.ours()), what);
    }

    /** What is refused by name, with the table and what to do. */
    void refused(
        String what, Schema schema, int version, Consumer<OtherTable> write, List<String> named) {
      try (OtherTable other = other(schema, version)) {
        write.accept(other);
        EngineException refusal = Lake.fails(ErrorCode.UNSUPPORTED, () -> scan(other.lake));
        named.forEach(
            name ->
                assertTrue(String.valueOf(refusal.getMessage()).contains(name), refusal::toString));
      }
      found.add("| " + what + " | refused by name | not written |\n");
    }

    private static void scan(Lake lake) {
      TableSnapshot state = lake.current("t");
      List<String> columns = state.definition().columns().stream().map(c -> c.name()).toList();
      try (TableScan scan = state.scan(new ScanRequest(columns, null))) {
        lake.read(scan);
      }
    }
  }

  private static void types(Cases cases) {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "b", Types.BooleanType.get()),
            Types.NestedField.optional(2, "i", Types.IntegerType.get()),
            Types.NestedField.optional(3, "l", Types.LongType.get()),
            Types.NestedField.optional(4, "f", Types.FloatType.get()),
            Types.NestedField.optional(5, "x", Types.DoubleType.get()),
            Types.NestedField.optional(6, "d9", Types.DecimalType.of(9, 2)),
            Types.NestedField.optional(7, "d18", Types.DecimalType.of(18, 4)),
            Types.NestedField.optional(8, "d38", Types.DecimalType.of(38, 10)),
            Types.NestedField.optional(9, "day", Types.DateType.get()),
            Types.NestedField.optional(10, "time", Types.TimeType.get()),
            Types.NestedField.optional(11, "ts", Types.TimestampType.withoutZone()),
            Types.NestedField.optional(12, "tz", Types.TimestampType.withZone()),
            Types.NestedField.optional(13, "s", Types.StringType.get()),
            Types.NestedField.optional(14, "u", Types.UUIDType.get()),
            Types.NestedField.optional(15, "bin", Types.BinaryType.get()));
    cases.both(
        "boolean, int, long, float, double, decimal, date, time, timestamp, timestamptz, string,"
            + " uuid, binary",
        schema,
        2,
        other ->
            other.writer.append(
                List.of(
                    GenericRecord.create(schema),
                    other.writer.record(
                        true,
                        7,
                        1L << 40,
                        0.5f,
                        Math.PI,
                        new BigDecimal("-1234567.89"),
                        new BigDecimal("12345678901234.5678"),
                        new BigDecimal("-1234567890123456789012345678.0123456789"),
                        LocalDate.of(1969, 7, 20),
                        LocalTime.of(23, 59, 59, 999_999_000),
                        LocalDateTime.of(1900, 1, 2, 3, 4, 5, 678_000),
                        LocalDateTime.of(2026, 1, 2, 3, 4).atOffset(ZoneOffset.UTC),
                        "ünï",
                        new UUID(-1, 1),
                        ByteBuffer.wrap(new byte[] {0, -1})))));
    Schema fixed = new Schema(Types.NestedField.optional(1, "f", Types.FixedType.ofLength(3)));
    try (OtherTable other = cases.other(fixed, 2)) {
      other.writer.append(List.of(other.writer.record((Object) new byte[] {1, 2, 3})));
      cases.same(other, "fixed");
    }
  }

  private static void nestedTypes(Cases cases) {
    Schema nested =
        new Schema(
            Types.NestedField.optional(
                1, "list", Types.ListType.ofOptional(2, Types.StringType.get())),
            Types.NestedField.optional(
                3,
                "map",
                Types.MapType.ofOptional(4, 5, Types.StringType.get(), Types.LongType.get())),
            Types.NestedField.optional(
                6,
                "r",
                Types.StructType.of(
                    Types.NestedField.optional(
                        7,
                        "deep",
                        Types.ListType.ofOptional(
                            8,
                            Types.StructType.of(
                                Types.NestedField.optional(9, "n", Types.IntegerType.get())))))));
    cases.both(
        "list, map, struct, one in another",
        nested,
        2,
        other -> {
          GenericRecord n = GenericRecord.create(nested.findType("r.deep.element").asStructType());
          n.set(0, 5);
          GenericRecord r = GenericRecord.create(nested.findType("r").asStructType());
          r.set(0, List.of(n));
          other.writer.append(
              List.of(
                  GenericRecord.create(nested),
                  other.writer.record(List.of("a", "b"), Map.of("k", 1L), r),
                  other.writer.record(List.of(), Map.of(), null)));
        });
  }

  private static void nanoseconds(Cases cases) {
    Schema nanos =
        new Schema(
            Types.NestedField.optional(1, "n", Types.TimestampNanoType.withoutZone()),
            Types.NestedField.optional(2, "z", Types.TimestampNanoType.withZone()));
    LocalDateTime instant = LocalDateTime.of(2026, 1, 2, 3, 4, 5, 123_456_789);
    cases.both(
        "timestamps of nanoseconds",
        nanos,
        3,
        other ->
            other.writer.append(
                List.of(other.writer.record(instant, instant.atOffset(ZoneOffset.UTC)))));
  }

  private static void deletes(Cases cases) {
    cases.read(
        "position deletes, one file of them for a data file",
        2,
        other -> {
          other.rows(0, 9);
          other.writer.deletePositions(other.places(0, 3, 8));
        });
    cases.read(
        "position deletes, one file of them for several data files",
        2,
        other -> {
          other.rows(0, 9);
          other.rows(9, 18);
          other.writer.deletePositionsTogether(other.places(0, 3, 8));
        });
    cases.read(
        "deletion vectors",
        3,
        other -> {
          other.rows(0, 9);
          other.rows(9, 18);
          other.writer.deleteVectors(other.places(0, 3));
          other.writer.deleteVectors(other.places(4));
        });
    cases.read(
        "equality deletes by one column",
        2,
        other -> {
          other.rows(0, 9);
          other.writer.deleteEqual(List.of("id"), List.of(other.writer.record(4L)));
          other.rows(3, 6);
        });
    cases.read(
        "equality deletes by several columns, with NULL",
        2,
        other -> {
          other.rows(0, 9);
          other.writer.deleteEqual(
              List.of("id", "s"),
              List.of(other.writer.record(3L, null), other.writer.record(4L, "s0")));
        });
    cases.read(
        "equality deletes of one partition",
        2,
        other -> {
          other.table().updateSpec().addField("s").commit();
          other.rows(0, 9);
          other.writer.deleteEqual(List.of("id", "s"), List.of(other.writer.record(3L, null)));
        });
  }

  private static void partitions(Cases cases) {
    Map<String, Term> transforms = new java.util.LinkedHashMap<>();
    transforms.put("identity", Expressions.ref("s"));
    transforms.put("bucket", Expressions.bucket("id", 4));
    transforms.put("truncate", Expressions.truncate("s", 1));
    transforms.put("year", Expressions.year("ts"));
    transforms.put("month", Expressions.month("ts"));
    transforms.put("day", Expressions.day("ts"));
    transforms.put("hour", Expressions.hour("ts"));
    transforms.forEach(
        (name, term) ->
            cases.both(
                "partitions by " + name,
                2,
                other -> {
                  other.table().updateSpec().addField("p", term).commit();
                  other.rows(0, 9);
                }));
    cases.both(
        "partitions by void (a field that format version 1 has dropped)",
        1,
        other -> {
          other.table().updateSpec().addField("p", Expressions.ref("s")).commit();
          other.rows(0, 9);
          other.table().updateSpec().removeField("p").commit();
          other.rows(9, 18);
        });
    cases.both(
        "values of identity partitions that files lack (Hive's folders)",
        2,
        other -> {
          other.table().updateSpec().addField("s").commit();
          other.add("{id: 1}", builder -> builder.withPartitionPath("s=one"));
        });
    cases.both(
        "files without field ids, by a name mapping",
        2,
        other -> {
          other
              .table()
              .updateProperties()
              .set(
                  "schema.name-mapping.default",
                  "[{\"field-id\": 1, \"names\": [\"id\", \"key\"]}]")
              .commit();
          other.add(null, builder -> builder);
          other.table().updateSchema().renameColumn("id", "number").commit();
        });
    cases.both(
        "partitions that change",
        2,
        other -> {
          other.rows(0, 9);
          other.table().updateSpec().addField("p", Expressions.bucket("id", 3)).commit();
          other.rows(9, 18);
          UpdatePartitionSpec update = other.table().updateSpec();
          update.removeField("p").addField("m", Expressions.month("ts")).commit();
          other.rows(3, 12);
        });
  }

  private static void evolution(Cases cases) {
    cases.both(
        "columns added, dropped, renamed, moved",
        2,
        other -> {
          other.rows(0, 9);
          other.table().updateSchema().renameColumn("s", "text").commit();
          other
              .table()
              .updateSchema()
              .addColumn("s", Types.LongType.get())
              .deleteColumn("ts")
              .moveFirst("d")
              .commit();
          other.writer.append(List.of(GenericRecord.create(other.table().schema())));
        });
    cases.both(
        "int to long, float to double, wider decimals",
        2,
        other -> {
          other.rows(0, 9);
          other
              .table()
              .updateSchema()
              .updateColumn("i", Types.LongType.get())
              .updateColumn("d", Types.DecimalType.of(20, 2))
              .commit();
          other.rows(9, 18);
        });
    cases.both(
        "fields within a struct added, renamed, dropped",
        2,
        other -> {
          GenericRecord r = GenericRecord.create(PLAIN.findType("r").asStructType());
          r.set(0, 5);
          r.set(1, "q");
          other.writer.append(List.of(other.writer.record(1L, "s", null, null, 1, r)));
          other.table().updateSchema().renameColumn("r.p", "pp").deleteColumn("r.q").commit();
          other.table().updateSchema().addColumn("r", "q", Types.LongType.get()).commit();
          other.rows(0, 3);
        });
    cases.both(
        "default values",
        3,
        other -> {
          other.rows(0, 9);
          other
              .table()
              .updateSchema()
              .addColumn("e", Types.StringType.get(), null, Expressions.lit("before"))
              .commit();
          other.rows(9, 18);
        });
  }

  private static void refusals(Cases cases) {
    for (Map.Entry<String, org.apache.iceberg.types.Type> type :
        Map.of(
                "variant", Types.VariantType.get(),
                "geometry", Types.GeometryType.crs84())
            .entrySet()
            .stream()
            .sorted(Map.Entry.comparingByKey())
            .toList()) {
      Schema schema =
          new Schema(
              Types.NestedField.optional(1, "id", Types.LongType.get()),
              Types.NestedField.optional(2, "odd", type.getValue()));
      cases.refused(
          "columns of type " + type.getKey(),
          schema,
          3,
          other -> foreign(other, FileFormat.PARQUET, null),
          List.of("lake.main.t", "odd", type.getKey(), "leave it out"));
    }
    cases.refused(
        "data files in Avro or ORC",
        PLAIN,
        2,
        other -> foreign(other, FileFormat.AVRO, null),
        List.of("lake.main.t", "AVRO"));
    cases.refused(
        "encrypted files",
        PLAIN,
        2,
        other -> foreign(other, FileFormat.PARQUET, ByteBuffer.wrap(new byte[] {1})),
        List.of("lake.main.t", "encrypted"));
  }

  /** A file that nobody reads. */
  private static void foreign(OtherTable other, FileFormat format, @Nullable ByteBuffer key) {
    other.add("{id: 1}", builder -> builder.withFormat(format).withEncryptionKeyMetadata(key));
  }
}
