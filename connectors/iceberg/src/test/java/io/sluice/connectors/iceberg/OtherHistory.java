package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.ScanTest.iceberg;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.RowChange;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Random steps in the life of a table {@code t} of which two writers, the library's and ours, make
 * use in turn.
 */
final class OtherHistory {
  private static final long DAY = 86_400_000_000L;

  private final Lake lake;
  private final BufferAllocator allocator;
  private final Random random;
  private final int version;
  private final OtherWriter other;
  private final Set<Integer> keys = new HashSet<>();
  private final List<String> steps = new ArrayList<>();
  private int names;

  OtherHistory(Lake lake, BufferAllocator allocator, Random random, int version) {
    this.lake = lake;
    this.allocator = allocator;
    this.random = random;
    this.version = version;
    lake.write(
        "t",
        Lake.withProperties(
            TableDefinition.of(
                List.of(
                    Lake.column("id", SqlType.BIGINT),
                    Lake.column("i", SqlType.INTEGER),
                    Lake.column("s", SqlType.VARCHAR),
                    Lake.column("d", new SqlType.Decimal(9, 2)),
                    Lake.column("day", SqlType.DATE),
                    Lake.column("ts", SqlType.TIMESTAMP),
                    Lake.column("tz", SqlType.TIMESTAMP_TZ),
                    Lake.column("b", SqlType.VARBINARY),
                    Lake.column("f", SqlType.REAL),
                    Lake.column("x", SqlType.DOUBLE),
                    Lake.column("flag", SqlType.BOOLEAN),
                    Lake.column("u", SqlType.UUID),
                    Lake.column("list", new SqlType.Array(SqlType.BIGINT)),
                    Lake.column(
                        "r",
                        new SqlType.Row(
                            List.of(
                                new SqlType.Row.Field("p", SqlType.INTEGER),
                                new SqlType.Row.Field("q", SqlType.VARCHAR)))))),
            Map.of("format-version", Integer.toString(version))),
        WriteMode.CREATE,
        List.of());
    this.other = new OtherWriter(() -> iceberg(lake, "t"));
    if (version == 3) {
      iceberg(lake, "t")
          .updateSchema()
          .addColumn("n9", Types.TimestampNanoType.withoutZone())
          .addColumn("nz", Types.TimestampNanoType.withZone())
          .commit();
    }
  }

  /** What has been done, for messages. */
  List<String> steps() {
    return steps;
  }

  /** The next step; its name. */
  void step() {
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> append();
      case 3, 4 -> write();
      case 5, 6 -> deletePlaces();
      case 7, 8 -> deleteKeys();
      case 9 -> changeSchema();
      case 10 -> changePartitioning();
      case 11 -> changeRows();
      case 12 -> {
        steps.add("optimize");
        lake.catalog.optimize(Lake.ANYONE, lake.current("t"), allocator);
      }
      default -> {
        changeSchema();
        append();
      }
    }
  }

  private Table table() {
    return iceberg(lake, "t");
  }

  private void append() {
    Schema schema = table().schema();
    List<Record> rows = new ArrayList<>();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      rows.add(record(schema, row(schema)));
    }
    steps.add("append " + rows);
    other.append(rows);
  }

  private void write() {
    Schema schema = table().schema();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      rows.add(row(schema));
    }
    steps.add("write " + rows.size());
    lake.write("t", lake.table("t").definition(), WriteMode.APPEND, rows);
  }

  private List<OtherWriter.Place> places() {
    List<OtherWriter.Place> places = new ArrayList<>();
    for (List<@Nullable Object> row :
        lake.read(lake.current("t"), List.of("_file", "_pos"), null)) {
      if (random.nextInt(4) == 0) {
        places.add(
            new OtherWriter.Place(String.valueOf(row.get(0)), (Long) Lake.notNull(row.get(1))));
      }
    }
    return places;
  }

  private void deletePlaces() {
    List<OtherWriter.Place> places = places();
    if (!places.isEmpty()) {
      steps.add("delete places " + places);
      if (version == 3) {
        other.deleteVectors(places);
      } else {
        other.deletePositions(places);
      }
    }
  }

  private void deleteKeys() {
    Schema schema = table().schema();
    List<String> columns = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      boolean exact =
          field.type().isPrimitiveType()
              && field.type().typeId() != Type.TypeID.FLOAT
              && field.type().typeId() != Type.TypeID.DOUBLE;
      if (exact && columns.size() < 3 && random.nextInt(6) == 0) {
        columns.add(field.name());
        keys.add(field.fieldId());
      }
    }
    if (columns.isEmpty()) {
      return;
    }
    List<Record> rows = new ArrayList<>();
    List<List<@Nullable Object>> known = lake.read("t");
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      rows.add(
          record(
              schema,
              known.isEmpty() || random.nextInt(4) == 0
                  ? row(schema)
                  : known.get(random.nextInt(known.size()))));
    }
    steps.add("delete by " + columns + ": " + rows);
    other.deleteEqual(columns, rows);
  }

  private void changeRows() {
    TableSnapshot base = lake.current("t");
    List<List<@Nullable Object>> changes = new ArrayList<>();
    for (List<@Nullable Object> row : lake.read(base, List.of("_row_address"), null)) {
      if (random.nextInt(4) == 0) {
        changes.add(Lake.row(row.getFirst(), random.nextBoolean() ? 0L : 1L, random.nextLong(9)));
      }
    }
    List<Integer> sources = new ArrayList<>();
    for (Types.NestedField field : table().schema().columns()) {
      sources.add(field.name().equals("id") ? 2 : -1);
    }
    steps.add("change " + changes);
    try (RowChanges running =
        lake.catalog.change(
            Lake.ANYONE, base, new ChangeScope(List.of(), null, false), allocator)) {
      Batch batch =
          Batches.of(allocator, List.of(SqlType.BIGINT, SqlType.INTEGER, SqlType.BIGINT), changes);
      running.change(batch, List.of(new RowChange.Delete(), new RowChange.Update(sources)));
      running.commit();
    }
  }

  private void changeSchema() {
    Table table = table();
    UpdateSchema update = table.updateSchema();
    List<Types.NestedField> columns = table.schema().columns();
    Types.NestedField one = columns.get(1 + random.nextInt(columns.size() - 1));
    String what = "schema: " + one.name() + " ";
    switch (random.nextInt(7)) {
      case 0 -> {
        update.renameColumn(one.name(), "c" + names++);
        what += "renamed";
      }
      case 1 -> {
        boolean used =
            keys.contains(one.fieldId())
                || table.specs().values().stream()
                    .flatMap(spec -> spec.fields().stream())
                    .anyMatch(field -> field.sourceId() == one.fieldId());
        if (used || columns.size() < 6) {
          return;
        }
        update.deleteColumn(one.name());
        what += "dropped";
      }
      case 2 -> {
        if (version == 3 && random.nextBoolean()) {
          update.addColumn("c" + names++, Types.IntegerType.get(), null, Expressions.lit(7));
        } else {
          update.addColumn("c" + names++, Types.IntegerType.get());
        }
        what = "schema: added c" + (names - 1);
      }
      case 3 -> {
        update.moveFirst(one.name());
        what += "first";
      }
      case 4 -> {
        if (!(one.type() instanceof Types.StructType)) {
          return;
        }
        String part = one.type().asStructType().fields().getFirst().name();
        if (random.nextBoolean()) {
          update.addColumn(one.name(), "c" + names++, Types.DoubleType.get());
        } else {
          update.renameColumn(one.name() + "." + part, "c" + names++);
        }
        what += "changed within";
      }
      default -> {
        Type.PrimitiveType wider = wider(one.type());
        if (wider == null) {
          return;
        }
        update.updateColumn(one.name(), wider);
        what += wider;
      }
    }
    steps.add(what);
    update.commit();
  }

  private static Type.@Nullable PrimitiveType wider(Type type) {
    return switch (type.typeId()) {
      case INTEGER -> Types.LongType.get();
      case FLOAT -> Types.DoubleType.get();
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield decimal.precision() > 30
            ? null
            : Types.DecimalType.of(decimal.precision() + 6, decimal.scale());
      }
      default -> null;
    };
  }

  private void changePartitioning() {
    Table table = table();
    UpdatePartitionSpec update = table.updateSpec();
    List<PartitionField> fields =
        table.spec().fields().stream().filter(f -> !f.transform().isVoid()).toList();
    if (!fields.isEmpty() && random.nextInt(3) == 0) {
      PartitionField field = fields.get(random.nextInt(fields.size()));
      steps.add("partitioning: without " + field);
      update.removeField(field.name()).commit();
      return;
    }
    List<Types.NestedField> columns =
        table.schema().columns().stream().filter(c -> transform(c) != null).toList();
    Types.NestedField column = columns.get(random.nextInt(columns.size()));
    Term term = Lake.notNull(transform(column));
    boolean taken =
        table.specs().values().stream()
            .flatMap(spec -> spec.fields().stream())
            .anyMatch(field -> field.sourceId() == column.fieldId());
    if (taken) {
      return;
    }
    steps.add("partitioning: by " + term);
    update.addField("p" + names++, term).commit();
  }

  private @Nullable Term transform(Types.NestedField column) {
    String name = column.name();
    int choice = random.nextInt(5);
    return switch (column.type().typeId()) {
      case INTEGER, LONG, STRING, DECIMAL ->
          switch (choice) {
            case 0 -> Expressions.ref(name);
            case 1, 2 -> Expressions.bucket(name, 3);
            default -> Expressions.truncate(name, 2);
          };
      case BINARY -> choice < 3 ? Expressions.bucket(name, 3) : Expressions.truncate(name, 1);
      case UUID -> choice < 3 ? Expressions.bucket(name, 3) : Expressions.ref(name);
      case DATE, TIMESTAMP, TIMESTAMP_NANO ->
          switch (choice) {
            case 0 -> Expressions.year(name);
            case 1 -> Expressions.month(name);
            case 2 -> Expressions.day(name);
            case 3 ->
                column.type().typeId() == Type.TypeID.DATE
                    ? Expressions.ref(name)
                    : Expressions.hour(name);
            default -> Expressions.bucket(name, 2);
          };
      case BOOLEAN -> Expressions.ref(name);
      default -> null;
    };
  }

  private List<@Nullable Object> row(Schema schema) {
    List<@Nullable Object> row = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      row.add(value(field.type()));
    }
    return row;
  }

  /** Few different values, so that deletes meet rows, and NULLs. */
  @Nullable Object value(Type type) {
    if (random.nextInt(7) == 0) {
      return null;
    }
    long small = random.nextInt(9) - 3L;
    return switch (type.typeId()) {
      case INTEGER -> random.nextInt(9) == 0 ? (Object) (long) random.nextInt() : small;
      case LONG -> random.nextInt(9) == 0 ? (Object) random.nextLong() : small;
      case FLOAT, DOUBLE -> random.nextInt(9) == 0 ? Double.NaN : small / 4.0;
      case STRING -> (random.nextInt(9) == 0 ? "long text that bounds cut: ü€ " : "s") + small;
      case BINARY -> new byte[] {(byte) small, 1};
      case DECIMAL ->
          new BigDecimal(BigInteger.valueOf(small * 50), ((Types.DecimalType) type).scale());
      case DATE -> 19_700 + small * 20;
      case TIMESTAMP -> 1_700_000_000_000_000L + small * DAY / 5;
      case TIMESTAMP_NANO -> (1_700_000_000_000_000L + small * DAY / 5) * 1000 + 7;
      case BOOLEAN -> random.nextBoolean();
      case UUID -> new UUID(5, small);
      case LIST -> random.nextInt(5) == 0 ? List.of() : Lake.row(small, null);
      case STRUCT -> {
        List<@Nullable Object> parts = new ArrayList<>();
        type.asStructType().fields().forEach(field -> parts.add(value(field.type())));
        yield parts;
      }
      default -> throw new AssertionError(type);
    };
  }

  private static Record record(Schema schema, List<@Nullable Object> row) {
    GenericRecord record = GenericRecord.create(schema);
    for (int i = 0; i < row.size(); i++) {
      record.set(i, generic(schema.columns().get(i).type(), row.get(i)));
    }
    return record;
  }

  /** A value of ours in the form of the library's records. */
  private static @Nullable Object generic(Type type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.typeId()) {
      case INTEGER -> Math.toIntExact((Long) value);
      case FLOAT -> ((Double) value).floatValue();
      case BINARY -> ByteBuffer.wrap((byte[]) value);
      case DATE -> LocalDate.ofEpochDay((Long) value);
      case TIME -> LocalTime.ofNanoOfDay((Long) value * 1000);
      case TIMESTAMP -> {
        Instant instant = Instant.EPOCH.plus((Long) value, java.time.temporal.ChronoUnit.MICROS);
        yield ((Types.TimestampType) type).shouldAdjustToUTC()
            ? instant.atOffset(ZoneOffset.UTC)
            : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      }
      case TIMESTAMP_NANO -> {
        Instant instant = Instant.EPOCH.plusNanos((Long) value);
        yield ((Types.TimestampNanoType) type).shouldAdjustToUTC()
            ? instant.atOffset(ZoneOffset.UTC)
            : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      }
      case LIST -> {
        List<@Nullable Object> values = new ArrayList<>();
        ((List<?>) value).forEach(v -> values.add(generic(type.asListType().elementType(), v)));
        yield values;
      }
      case STRUCT -> {
        GenericRecord record = GenericRecord.create(type.asStructType());
        List<?> parts = (List<?>) value;
        for (int i = 0; i < parts.size(); i++) {
          record.set(i, generic(type.asStructType().fields().get(i).type(), parts.get(i)));
        }
        yield record;
      }
      default -> value;
    };
  }
}
