package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.type.SqlType;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlInfo;
import org.apache.arrow.flight.sql.util.TableRef;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private TestServer server;
  private FlightSqlClient client;

  @BeforeEach
  void start() {
    server = new TestServer(Map.of());
    client = server.client();
    MemoryCatalog catalog = server.catalog();
    catalog.createSchema(Principal.ANONYMOUS, "shop", Map.of());
    catalog.createTable(
        Principal.ANONYMOUS,
        "shop",
        "users",
        new TableDefinition(
            List.of(
                new ColumnDefinition("id", SqlType.BIGINT, false, "the key"),
                new ColumnDefinition("name", SqlType.VARCHAR, true, null),
                new ColumnDefinition("spent", new SqlType.Decimal(10, 2), true, null)),
            List.of("id"),
            null,
            null,
            List.of(),
            null,
            Map.of()),
        false);
    catalog.createTable(
        Principal.ANONYMOUS,
        "shop",
        "orders",
        new TableDefinition(
            List.of(
                new ColumnDefinition("line", SqlType.INTEGER, false, null),
                new ColumnDefinition("order", SqlType.BIGINT, false, null),
                new ColumnDefinition("buyer", SqlType.BIGINT, true, null)),
            List.of("order", "line"),
            null,
            null,
            List.of(new ForeignKey(List.of("buyer"), "users", List.of())),
            null,
            Map.of()),
        false);
    catalog.createView(
        Principal.ANONYMOUS,
        "main",
        "a_b",
        new ViewDefinition(
            "SELECT 1 AS x",
            "lake",
            "main",
            List.of(new ColumnDefinition("x", SqlType.INTEGER, true, null)),
            null),
        false);
    catalog.createTable(
        Principal.ANONYMOUS,
        "main",
        "axb",
        TableDefinition.of(List.of(new ColumnDefinition("x", SqlType.TIME, true, null))),
        false);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  /** All rows as texts, with the schema that was announced. */
  private List<List<String>> rows(FlightInfo info) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket())) {
      assertEquals(info.getSchema(), stream.getSchema());
      while (stream.next()) {
        for (int row = 0; row < stream.getRoot().getRowCount(); row++) {
          List<String> values = new ArrayList<>();
          for (int i = 0; i < stream.getRoot().getFieldVectors().size(); i++) {
            values.add(String.valueOf(stream.getRoot().getVector(i).getObject(row)));
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }

  @Test
  void catalogsSchemasAndTypes() throws Exception {
    assertEquals(List.of(List.of("lake")), rows(client.getCatalogs()));
    assertEquals(
        List.of(
            List.of("lake", "information_schema"),
            List.of("lake", "main"),
            List.of("lake", "shop")),
        rows(client.getSchemas(null, null)));
    assertEquals(List.of(List.of("lake", "shop")), rows(client.getSchemas("lake", "sh%")));
    assertEquals(List.of(), rows(client.getSchemas("other", null)));
    assertEquals(
        List.of(
            List.of("LOCAL TEMPORARY"), List.of("SYSTEM TABLE"), List.of("TABLE"), List.of("VIEW")),
        rows(client.getTableTypes()));
  }

  @Test
  void tablesByPatternAndType() throws Exception {
    assertEquals(
        List.of(
            List.of("lake", "main", "a_b", "VIEW"),
            List.of("lake", "main", "axb", "TABLE"),
            List.of("lake", "shop", "orders", "TABLE"),
            List.of("lake", "shop", "users", "TABLE")),
        rows(client.getTables(null, null, null, List.of("TABLE", "VIEW"), false)));
    assertEquals(
        List.of(
            List.of("lake", "information_schema", "columns", "SYSTEM TABLE"),
            List.of("lake", "information_schema", "schemata", "SYSTEM TABLE"),
            List.of("lake", "information_schema", "tables", "SYSTEM TABLE")),
        rows(client.getTables(null, null, null, List.of("SYSTEM TABLE"), false)));
    assertEquals(
        List.of(List.of("lake", "main", "a_b", "VIEW"), List.of("lake", "main", "axb", "TABLE")),
        rows(client.getTables(null, null, "a_b", null, false)));
    assertEquals(
        List.of(List.of("lake", "main", "a_b", "VIEW")),
        rows(client.getTables(null, null, "a\\_b", null, false)));
    assertEquals(
        List.of(List.of("lake", "shop", "users", "TABLE")),
        rows(client.getTables("lake", "shop", "USERS", List.of("TABLE"), false)));
    assertEquals(List.of(), rows(client.getTables(null, null, null, List.of("INDEX"), false)));
  }

  @Test
  void tableSchemasAreWholeMessages() throws Exception {
    FlightInfo info = client.getTables(null, "shop", "users", null, true);
    try (FlightStream stream = client.getStream(info.getEndpoints().get(0).getTicket())) {
      assertTrue(stream.next());
      byte[] message = (byte[]) stream.getRoot().getVector("table_schema").getObject(0);
      Schema schema =
          MessageSerializer.deserializeSchema(
              new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message))));
      Field id = schema.findField("id");
      assertEquals(false, id.isNullable());
      assertEquals("BIGINT", id.getMetadata().get("ARROW:FLIGHT:SQL:TYPE_NAME"));
      assertEquals("the key", id.getMetadata().get("ARROW:FLIGHT:SQL:REMARKS"));
      Field spent = schema.findField("spent");
      assertEquals(true, spent.isNullable());
      assertEquals("10", spent.getMetadata().get("ARROW:FLIGHT:SQL:PRECISION"));
      assertEquals("2", spent.getMetadata().get("ARROW:FLIGHT:SQL:SCALE"));
      assertEquals("users", spent.getMetadata().get("ARROW:FLIGHT:SQL:TABLE_NAME"));
    }
  }

  @Test
  void declaredKeys() throws Exception {
    assertEquals(
        List.of(
            List.of("lake", "shop", "orders", "order", "1", "null"),
            List.of("lake", "shop", "orders", "line", "2", "null")),
        rows(client.getPrimaryKeys(TableRef.of(null, null, "orders"))));
    List<List<String>> reference =
        List.of(
            List.of(
                "lake", "shop", "users", "id", "lake", "shop", "orders", "buyer", "1", "null",
                "null", "3", "3"));
    assertEquals(reference, rows(client.getImportedKeys(TableRef.of("lake", "shop", "orders"))));
    assertEquals(reference, rows(client.getExportedKeys(TableRef.of("lake", "shop", "users"))));
    assertEquals(
        reference,
        rows(
            client.getCrossReference(
                TableRef.of(null, "shop", "users"), TableRef.of(null, "shop", "orders"))));
    assertEquals(List.of(), rows(client.getImportedKeys(TableRef.of(null, "shop", "users"))));
  }

  @Test
  void everySqlInfoIsThere() throws Exception {
    Set<Integer> known = new TreeSet<>();
    for (SqlInfo info : SqlInfo.values()) {
      if (info != SqlInfo.UNRECOGNIZED) {
        known.add(info.getNumber());
      }
    }
    Set<Integer> sent = new TreeSet<>();
    for (List<String> row : rows(client.getSqlInfo(new SqlInfo[0]))) {
      sent.add(Integer.parseInt(row.get(0)));
      assertTrue(!row.get(1).equals("null"), row + " has no value");
    }
    assertEquals(known, sent);
    assertEquals(
        List.of(List.of("8", "0")), rows(client.getSqlInfo(SqlInfo.FLIGHT_SQL_SERVER_TRANSACTION)));
    assertEquals(
        List.of(List.of("0", "Sluice"), List.of("504", "\"")),
        rows(client.getSqlInfo(SqlInfo.FLIGHT_SQL_SERVER_NAME, SqlInfo.SQL_IDENTIFIER_QUOTE_CHAR)));
    assertEquals(List.of(), rows(client.getSqlInfo(List.of(4711))));
  }

  @Test
  void typeInfo() throws Exception {
    Set<String> names = new TreeSet<>();
    for (List<String> row : rows(client.getXdbcTypeInfo())) {
      names.add(row.get(0));
    }
    assertTrue(
        names.containsAll(
            Set.of("BIGINT", "VARCHAR", "DECIMAL", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE")),
        names.toString());
    assertEquals("VARCHAR", rows(client.getXdbcTypeInfo(12)).get(0).get(0));
  }

  @Test
  void whatIsNotOfferedSaysSo() {
    FlightRuntimeException e =
        assertThrows(FlightRuntimeException.class, () -> client.beginTransaction());
    assertEquals(FlightStatusCode.UNIMPLEMENTED, e.status().code());
    assertTrue(
        String.valueOf(e.getMessage()).contains("transactions are not offered"), e.getMessage());
  }
}
