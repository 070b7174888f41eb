package io.sluice.server.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.type.SqlType;
import io.sluice.server.TestServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.FlightSqlClient.ExecuteIngestOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableExistsOption;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableNotExistOption;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampMilliTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestTest {
  private static final TableDefinitionOptions CREATE =
      options(
          TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE,
          TableExistsOption.TABLE_EXISTS_OPTION_FAIL);
  private static final TableDefinitionOptions APPEND =
      options(
          TableNotExistOption.TABLE_NOT_EXIST_OPTION_FAIL,
          TableExistsOption.TABLE_EXISTS_OPTION_APPEND);
  private static final TableDefinitionOptions CREATE_APPEND =
      options(
          TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE,
          TableExistsOption.TABLE_EXISTS_OPTION_APPEND);
  private static final TableDefinitionOptions REPLACE =
      options(
          TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE,
          TableExistsOption.TABLE_EXISTS_OPTION_REPLACE);

  private TestServer server;
  private FlightSqlClient client;

  @BeforeEach
  void start() {
    server = new TestServer(Map.of());
    client = server.client();
  }

  @AfterEach
  void stop() throws Exception {
    assertEquals(0, server.catalog().openWrites());
    client.close();
    server.close();
  }

  private static TableDefinitionOptions options(
      TableNotExistOption absent, TableExistsOption there) {
    return TableDefinitionOptions.newBuilder().setIfNotExist(absent).setIfExists(there).build();
  }

  private static Field field(String name, ArrowType type, Field... children) {
    return new Field(name, FieldType.nullable(type), List.of(children));
  }

  private long ingest(
      String table,
      TableDefinitionOptions mode,
      Map<String, String> options,
      int rows,
      Consumer<VectorSchemaRoot> fill,
      Field... fields) {
    try (VectorSchemaRoot root =
        VectorSchemaRoot.create(new Schema(List.of(fields)), server.allocator())) {
      root.allocateNew();
      fill.accept(root);
      root.setRowCount(rows);
      return client.executeIngest(root, new ExecuteIngestOptions(table, mode, null, null, options));
    }
  }

  private List<@Nullable Object> column(String table, int column) {
    List<@Nullable Object> values = new ArrayList<>();
    server.catalog().rows("main", table).forEach(row -> values.add(row.get(column)));
    return values;
  }

  private SqlType type(String table, int column) {
    return server.catalog().definition("main", table).columns().get(column).type();
  }

  @Test
  void typesOfClientsBecomeTypesOfSql() {
    ingest(
        "t",
        CREATE,
        Map.of(),
        2,
        root -> {
          ((UInt1Vector) root.getVector(0)).setSafe(0, 200);
          ((UInt8Vector) root.getVector(1)).setSafe(0, -1L);
          ((Float2Vector) root.getVector(2)).setSafeWithPossibleTruncate(0, 1.5f);
          ((TimeStampSecVector) root.getVector(3)).setSafe(0, -5L);
          ((TimeStampMilliTZVector) root.getVector(4)).setSafe(0, 1_001L);
          ((TimeStampNanoVector) root.getVector(5)).setSafe(0, 5_000L);
          ((DateMilliVector) root.getVector(6)).setSafe(0, 86_400_000L);
          ((TimeNanoVector) root.getVector(7)).setSafe(0, 7_000L);
          ((DurationVector) root.getVector(8)).setSafe(0, 9L);
          ((Decimal256Vector) root.getVector(9)).setSafe(0, new BigDecimal("-12.345"));
          ((LargeVarCharVector) root.getVector(10))
              .setSafe(0, "gro\u00df".getBytes(StandardCharsets.UTF_8));
          ((ViewVarCharVector) root.getVector(11))
              .setSafe(0, "a text that is longer than a view".getBytes(StandardCharsets.UTF_8));
          ((NullVector) root.getVector(12)).setValueCount(2);
        },
        field("u8", new ArrowType.Int(8, false)),
        field("u64", new ArrowType.Int(64, false)),
        field("f16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)),
        field("s", new ArrowType.Timestamp(TimeUnit.SECOND, null)),
        field("ms", new ArrowType.Timestamp(TimeUnit.MILLISECOND, "America/New_York")),
        field("ns", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null)),
        field("d64", new ArrowType.Date(org.apache.arrow.vector.types.DateUnit.MILLISECOND)),
        field("t64", new ArrowType.Time(TimeUnit.NANOSECOND, 64)),
        field("dur", new ArrowType.Duration(TimeUnit.MILLISECOND)),
        field("dec", new ArrowType.Decimal(40, 3, 256)),
        field("large", ArrowType.LargeUtf8.INSTANCE),
        field("view", ArrowType.Utf8View.INSTANCE),
        field("nothing", ArrowType.Null.INSTANCE));
    List<SqlType> types =
        server.catalog().definition("main", "t").columns().stream()
            .map(ColumnDefinition::type)
            .toList();
    assertEquals(
        List.of(
            SqlType.SMALLINT,
            new SqlType.Decimal(20, 0),
            SqlType.REAL,
            SqlType.TIMESTAMP,
            SqlType.TIMESTAMP_TZ,
            SqlType.TIMESTAMP,
            SqlType.DATE,
            SqlType.TIME,
            SqlType.INTERVAL_MICROS,
            new SqlType.Decimal(38, 3),
            SqlType.VARCHAR,
            SqlType.VARCHAR,
            SqlType.VARCHAR),
        types);
    assertEquals(
        Arrays.asList(
            200L,
            new BigDecimal(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)),
            1.5,
            -5_000_000L,
            1_001_000L,
            5L,
            1L,
            7L,
            9_000L,
            new BigDecimal("-12.345"),
            "gro\u00df",
            "a text that is longer than a view",
            null),
        server.catalog().rows("main", "t").get(0));
    assertEquals(
        java.util.Collections.nCopies(13, null), server.catalog().rows("main", "t").get(1));
  }

  @Test
  void nanosecondsAreKeptOnlyWhereAsked() {
    Field ns = field("at", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null));
    Consumer<VectorSchemaRoot> fill =
        root -> {
          ((TimeStampNanoVector) root.getVector(0)).setSafe(0, 1_000L);
          ((TimeStampNanoVector) root.getVector(0)).setSafe(1, 1_001L);
        };
    FlightRuntimeException e =
        assertThrows(
            FlightRuntimeException.class, () -> ingest("t", CREATE, Map.of(), 2, fill, ns));
    assertEquals(FlightStatusCode.INVALID_ARGUMENT, e.status().code());
    assertTrue(String.valueOf(e.getMessage()).contains("column 'at', row 1"), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains("timestamp_precision=9"), e.getMessage());
    ingest("t", CREATE, Map.of("timestamp_precision", "9"), 2, fill, ns);
    assertEquals(new SqlType.Timestamp(9, false), type("t", 0));
    assertEquals(List.of(1_000L, 1_001L), column("t", 0));
  }

  @Test
  void appendIsByNameAndChecksValues() {
    server
        .catalog()
        .createTable(
            Principal.ANONYMOUS,
            "main",
            "People",
            TableDefinition.of(
                List.of(
                    new ColumnDefinition("id", SqlType.INTEGER, false, null),
                    new ColumnDefinition("name", SqlType.VARCHAR, true, null),
                    new ColumnDefinition("score", SqlType.DOUBLE, true, null))),
            false);
    long rows =
        ingest(
            "people",
            APPEND,
            Map.of(),
            2,
            root -> {
              ((VarCharVector) root.getVector(0)).setSafe(0, new byte[] {'x'});
              ((Float8Vector) root.getVector(1)).setSafe(0, 1.0);
              ((Float8Vector) root.getVector(1)).setSafe(1, 2.0);
            },
            field("NAME", ArrowType.Utf8.INSTANCE),
            field("id", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)));
    assertEquals(2, rows);
    assertEquals(
        List.of(Arrays.asList(1L, "x", null), Arrays.asList(2L, null, null)),
        server.catalog().rows("main", "People"));

    Field id = field("id", new ArrowType.Int(64, true));
    assertFails(
        "column 'id', row 1 (the first is 0): 3000000000 cannot be held by INTEGER",
        () ->
            ingest(
                "People",
                APPEND,
                Map.of(),
                2,
                root -> {
                  ((BigIntVector) root.getVector(0)).setSafe(0, 1);
                  ((BigIntVector) root.getVector(0)).setSafe(1, 3_000_000_000L);
                },
                id));
    assertFails(
        "column 'id', row 0 (the first is 0): NULL in a column that is NOT NULL",
        () -> ingest("People", APPEND, Map.of(), 1, root -> {}, id));
    assertFails(
        "the table has no column 'colour'",
        () ->
            ingest(
                "People",
                APPEND,
                Map.of(),
                1,
                root -> {},
                field("colour", ArrowType.Utf8.INSTANCE)));
    assertFails(
        "column 'id' is NOT NULL and is not among those sent",
        () ->
            ingest(
                "People", APPEND, Map.of(), 1, root -> {}, field("name", ArrowType.Utf8.INSTANCE)));
    assertFails(
        "values of Arrow type Bool do not go into VARCHAR",
        () ->
            ingest(
                "People",
                APPEND,
                Map.of(),
                1,
                root -> {},
                id,
                field("name", ArrowType.Bool.INSTANCE)));
    assertEquals(2, server.catalog().rows("main", "People").size());
  }

  private static void assertFails(String message, org.junit.jupiter.api.function.Executable call) {
    FlightRuntimeException e = assertThrows(FlightRuntimeException.class, call);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  @Test
  void fourModes() {
    Field n = field("n", new ArrowType.Int(64, true));
    Consumer<VectorSchemaRoot> one = root -> ((BigIntVector) root.getVector(0)).setSafe(0, 1);
    assertFails("no table 'm'", () -> ingest("m", APPEND, Map.of(), 1, one, n));
    assertEquals(1, ingest("m", CREATE, Map.of(), 1, one, n));
    assertFails("already exists", () -> ingest("m", CREATE, Map.of(), 1, one, n));
    assertEquals(1, ingest("m", APPEND, Map.of(), 1, one, n));
    assertEquals(1, ingest("m", CREATE_APPEND, Map.of(), 1, one, n));
    assertEquals(3, column("m", 0).size());
    assertEquals(1, ingest("m", REPLACE, Map.of(), 1, one, n));
    assertEquals(List.of(1L), column("m", 0));
    assertEquals(0, ingest("empty", CREATE, Map.of(), 0, root -> {}, n));
    assertEquals(List.of(), column("empty", 0));
    assertEquals(5, server.catalog().commits());
  }

  @Test
  void whatIsNotOfferedIsRefusedByName() {
    Field n = field("n", new ArrowType.Int(64, true));
    try (VectorSchemaRoot root =
        VectorSchemaRoot.create(new Schema(List.of(n)), server.allocator())) {
      assertFails(
          "there are no temporary tables on this server",
          () ->
              client.executeIngest(
                  root, new ExecuteIngestOptions("t", CREATE, true, null, null, Map.of())));
      assertFails(
          "unknown ingest option 'timestamp_precison'; did you mean timestamp_precision",
          () ->
              client.executeIngest(
                  root,
                  new ExecuteIngestOptions(
                      "t", CREATE, null, null, Map.of("timestamp_precison", "9"))));
      assertFails(
          "no schema 'nowhere'",
          () ->
              client.executeIngest(
                  root, new ExecuteIngestOptions("t", CREATE, null, "nowhere", Map.of())));
    }
  }

  @Test
  void manyRowsInOneBatch() {
    int rows = 200_000;
    ingest(
        "big",
        CREATE,
        Map.of(),
        rows,
        root -> {
          FieldVector[] vectors = root.getFieldVectors().toArray(new FieldVector[0]);
          for (int i = 0; i < rows; i++) {
            ((BigIntVector) vectors[0]).setSafe(i, i);
            if (i % 3 != 0) {
              ((LargeVarCharVector) vectors[1])
                  .setSafe(i, ("v" + i).getBytes(StandardCharsets.UTF_8));
            }
          }
        },
        field("n", new ArrowType.Int(64, true)),
        field("s", ArrowType.LargeUtf8.INSTANCE));
    List<List<@Nullable Object>> stored = server.catalog().rows("main", "big");
    assertEquals(rows, stored.size());
    for (int i = 0; i < rows; i += 997) {
      assertEquals(Arrays.asList((long) i, i % 3 == 0 ? null : "v" + i), stored.get(i));
    }
  }
}
