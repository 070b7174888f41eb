package io.sluice.sqltests.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Statements, parameters, types and metadata through flight-sql-jdbc-driver 18.3.0. The driver
 * shifts times where the JVM's zone is not UTC, so here it is.
 */
@TestInstance(Lifecycle.PER_CLASS)
class JdbcTest {
  private final TimeZone zone = TimeZone.getDefault();
  private JdbcServer server;
  private Connection connection;

  @BeforeAll
  void start(@TempDir Path folder) throws SQLException {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    server = new JdbcServer(folder);
    connection = server.connect("");
  }

  @AfterAll
  void stop() throws SQLException {
    connection.close();
    server.close();
    TimeZone.setDefault(zone);
  }

  private int update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertFalse(statement.execute(sql), sql + " gave rows");
      return statement.getUpdateCount();
    }
  }

  private static List<List<@Nullable String>> rows(ResultSet result) throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try (result) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private List<List<@Nullable String>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return rows(statement.executeQuery(sql));
    }
  }

  @Test
  void statementsTakeEffectOnceAndCount() throws SQLException {
    assertEquals(0, update("CREATE TABLE counts (a INTEGER, b VARCHAR)"));
    assertEquals(2, update("INSERT INTO counts VALUES (1, 'x'), (2, NULL)"));
    assertEquals(2, update("INSERT INTO counts SELECT a + 2, b FROM counts"));
    List<List<@Nullable String>> all = query("SELECT a, b FROM counts ORDER BY a");
    assertEquals("[[1, x], [2, null], [3, x], [4, null]]", all.toString());
    assertEquals(2, update("CREATE TABLE copied AS SELECT * FROM counts WHERE b = 'x'"));
    assertEquals(0, update("DROP TABLE copied"));
    SQLException gone = assertThrows(SQLException.class, () -> query("SELECT * FROM copied"));
    assertTrue(String.valueOf(gone.getMessage()).contains("UNKNOWN_TABLE"), gone.getMessage());
  }

  @Test
  void aBatchIsOneCommit() throws SQLException {
    update("CREATE TABLE batches (a INTEGER, b VARCHAR)");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO batches VALUES (?, ?)")) {
      for (int i = 0; i < 100; i++) {
        insert.setInt(1, i);
        insert.setString(2, i % 2 == 0 ? null : "v" + i);
        insert.addBatch();
      }
      int sum = 0;
      for (int count : insert.executeBatch()) {
        sum += count;
      }
      assertEquals(100, sum);
    }
    assertEquals("[[1]]", query("SELECT COUNT(*) FROM batches$snapshots").toString());
    assertEquals(
        "[[100, 4950, 50]]",
        query("SELECT COUNT(*), SUM(a), COUNT(DISTINCT b) FROM batches").toString());
  }

  @Test
  void limitsAndSumsOfParameters() throws SQLException {
    String numbers = "SELECT x FROM (VALUES (1), (2), (3)) AS t(x) ORDER BY x LIMIT ? OFFSET ?";
    try (PreparedStatement page = connection.prepareStatement(numbers)) {
      page.setInt(1, 1);
      page.setLong(2, 1);
      assertEquals("[[2]]", rows(page.executeQuery()).toString());
    }
    try (PreparedStatement sum = connection.prepareStatement("SELECT ? + ?")) {
      sum.setDouble(1, 1.5);
      sum.setInt(2, 2);
      assertEquals("[[3.5]]", rows(sum.executeQuery()).toString());
    }
  }

  @Test
  void parametersOfEveryType() throws SQLException {
    update(
        "CREATE TABLE typed (b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER, l BIGINT,"
            + " d DECIMAL(10, 2), r REAL, f DOUBLE, v VARCHAR, x VARBINARY, day DATE, at TIME,"
            + " ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE)");
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO typed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setBoolean(1, true);
      insert.setByte(2, (byte) -1);
      insert.setShort(3, (short) 2);
      insert.setInt(4, 3);
      insert.setLong(5, 4L);
      insert.setBigDecimal(6, new BigDecimal("12345678.90"));
      insert.setFloat(7, 1.5f);
      insert.setDouble(8, -0.25);
      insert.setString(9, "gro\u00df");
      insert.setBytes(10, new byte[] {0, -1});
      insert.setDate(11, Date.valueOf("2024-02-29"));
      insert.setTime(12, Time.valueOf("23:59:58"));
      insert.setTimestamp(13, Timestamp.valueOf("2024-02-29 01:02:03.456"));
      insert.setTimestamp(14, Timestamp.valueOf("2024-02-29 01:02:03.456"));
      assertEquals(1, insert.executeUpdate());
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM typed")) {
      assertTrue(row.next());
      assertEquals(true, row.getObject(1));
      assertEquals(-1, row.getInt(2));
      assertEquals(2, row.getInt(3));
      assertEquals(3, row.getObject(4));
      assertEquals(4L, row.getObject(5));
      assertEquals(new BigDecimal("12345678.90"), row.getObject(6));
      assertEquals(1.5, row.getDouble(7));
      assertEquals(-0.25, row.getObject(8));
      assertEquals("gro\u00df", row.getObject(9));
      assertEquals(List.of((byte) 0, (byte) -1), List.of(row.getBytes(10)[0], row.getBytes(10)[1]));
      assertEquals(Date.valueOf("2024-02-29"), row.getObject(11));
      assertEquals(Time.valueOf("23:59:58").toString(), row.getTime(12).toString());
      assertEquals(Timestamp.valueOf("2024-02-29 01:02:03.456"), row.getObject(13));
      assertEquals(Timestamp.valueOf("2024-02-29 01:02:03.456"), row.getTimestamp(14));
      ResultSetMetaData types = row.getMetaData();
      assertEquals("DECIMAL", types.getColumnTypeName(6));
      assertEquals(10, types.getPrecision(6));
      assertEquals(2, types.getScale(6));
      assertFalse(row.next());
    }
    assertEquals(
        "[[1]]",
        query(
                "SELECT COUNT(*) FROM typed WHERE tz = TIMESTAMP WITH TIME ZONE '2024-02-29"
                    + " 01:02:03.456+00:00' AND at = TIME '23:59:58'")
            .toString());
  }

  @Test
  void parametersWithoutATypeOfTheirOwn() throws SQLException {
    assertEquals("[[a]]", prepared("SELECT ?", "a"));
    assertEquals("[[A]]", prepared("SELECT UPPER(?)", "a"));
    assertEquals("[[a, b]]", prepared("VALUES (?, ?)", "a", "b"));
    assertEquals(
        "[[true]]",
        prepared(
            "SELECT TIMESTAMP '2024-01-02 00:00:00' > ? - INTERVAL '1' DAY",
            Timestamp.valueOf("2024-01-02 12:00:00")));
    assertEquals("[[7]]", prepared("SELECT 3 + ?", 4));
  }

  private String prepared(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return rows(statement.executeQuery()).toString();
    }
  }

  @Test
  void aPreparedStatementRunsAgain() throws SQLException {
    update("CREATE TABLE again (a INTEGER)");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO again VALUES (?)")) {
      for (int i = 0; i < 3; i++) {
        insert.setInt(1, i);
        assertEquals(1, insert.executeUpdate());
      }
    }
    try (PreparedStatement query =
        connection.prepareStatement("SELECT a FROM again WHERE a >= ? ORDER BY a")) {
      query.setInt(1, 1);
      assertEquals("[[1], [2]]", rows(query.executeQuery()).toString());
      query.setInt(1, 2);
      assertEquals("[[2]]", rows(query.executeQuery()).toString());
    }
  }

  @Test
  void zonedTimestampsCanComeNaive() throws SQLException {
    String sql = "SELECT TIMESTAMP WITH TIME ZONE '2024-01-01 12:00:00+02:00' AS tz";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next());
      assertEquals(Timestamp.valueOf("2024-01-01 10:00:00"), row.getTimestamp(1));
    }
    try (Connection naive = server.connect("&timestamp_tz=naive");
        Statement statement = naive.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next());
      assertEquals(Timestamp.valueOf("2024-01-01 10:00:00"), row.getObject(1));
    }
  }

  @Test
  void theUrlNamesASchema() throws SQLException {
    update("CREATE SCHEMA shop");
    update("CREATE TABLE shop.goods (id INTEGER)");
    try (Connection shop = server.connect("&schema=shop");
        Statement statement = shop.createStatement()) {
      assertEquals("[]", rows(statement.executeQuery("SELECT id FROM goods")).toString());
    }
    Connection lake = server.connect("&catalog=lake");
    try (Statement statement = lake.createStatement()) {
      assertEquals("[[1]]", rows(statement.executeQuery("SELECT 1")).toString());
    }
    // With a catalog the driver ends its session after it has closed its channel.
    SQLException fault = assertThrows(SQLException.class, lake::close);
    assertTrue(String.valueOf(fault.getMessage()).contains("Channel shutdown"), fault.getMessage());
  }

  @Test
  void everyQuestionAboutTheDatabaseHasAnAnswer() throws Exception {
    DatabaseMetaData data = connection.getMetaData();
    List<String> failures = new ArrayList<>();
    for (Method method : DatabaseMetaData.class.getMethods()) {
      if (method.getParameterCount() == 0) {
        try {
          if (method.invoke(data) instanceof ResultSet result) {
            result.close();
          }
        } catch (InvocationTargetException e) {
          failures.add(method.getName() + ": " + e.getCause());
        }
      }
    }
    assertEquals(List.of(), failures);
    assertEquals("Sluice", data.getDatabaseProductName());
    assertEquals("\"", data.getIdentifierQuoteString());
    assertFalse(data.supportsTransactions());
    assertTrue(data.supportsFullOuterJoins());
    assertTrue(data.nullsAreSortedAtEnd());
  }

  @Test
  void tablesColumnsAndKeys() throws SQLException {
    update("CREATE SCHEMA meta");
    update(
        "CREATE TABLE meta.users (id BIGINT NOT NULL, name VARCHAR, paid DECIMAL(9, 3),"
            + " PRIMARY KEY (id) NOT ENFORCED)");
    update(
        "CREATE TABLE meta.orders (id BIGINT NOT NULL, buyer BIGINT,"
            + " PRIMARY KEY (id) NOT ENFORCED,"
            + " FOREIGN KEY (buyer) REFERENCES meta.users NOT ENFORCED)");
    update("CREATE VIEW meta.names AS SELECT name FROM meta.users");
    update("CREATE VIEW meta.buyers AS SELECT name, id AS buyer_id FROM meta.users");
    DatabaseMetaData data = connection.getMetaData();
    assertEquals(
        List.of("buyer_id 1"),
        JdbcServer.texts(data.getPrimaryKeys(null, "meta", "buyers"), "COLUMN_NAME", "KEY_SEQ"));
    assertEquals(
        List.of("buyers VIEW", "names VIEW", "orders TABLE", "users TABLE"),
        JdbcServer.texts(data.getTables("lake", "meta", "%", null), "TABLE_NAME", "TABLE_TYPE"));
    assertEquals(
        List.of("users TABLE"),
        JdbcServer.texts(
            data.getTables(null, "meta", "us%", new String[] {"TABLE"}),
            "TABLE_NAME",
            "TABLE_TYPE"));
    assertEquals(
        List.of("id BIGINT 0", "name VARCHAR 1", "paid DECIMAL 1"),
        JdbcServer.texts(
            data.getColumns(null, "meta", "users", "%"), "COLUMN_NAME", "TYPE_NAME", "NULLABLE"));
    assertEquals(
        List.of("9 3"),
        JdbcServer.texts(
            data.getColumns(null, "meta", "users", "paid"), "COLUMN_SIZE", "DECIMAL_DIGITS"));
    assertEquals(
        List.of("users$refs SYSTEM TABLE"),
        JdbcServer.texts(
            data.getTables(null, "meta", "users$refs", null), "TABLE_NAME", "TABLE_TYPE"));
    assertEquals(
        List.of("name VARCHAR 0", "type VARCHAR 0", "snapshot_id BIGINT 0"),
        JdbcServer.texts(
                data.getColumns(null, "meta", "users$refs", "%"),
                "COLUMN_NAME",
                "TYPE_NAME",
                "NULLABLE")
            .subList(0, 3));
    assertEquals(
        List.of("users id 1"),
        JdbcServer.texts(
            data.getPrimaryKeys(null, "meta", "users"), "TABLE_NAME", "COLUMN_NAME", "KEY_SEQ"));
    assertEquals(
        List.of("users id orders buyer"),
        JdbcServer.texts(
            data.getImportedKeys(null, "meta", "orders"),
            "PKTABLE_NAME",
            "PKCOLUMN_NAME",
            "FKTABLE_NAME",
            "FKCOLUMN_NAME"));
    assertEquals(
        List.of("orders"),
        JdbcServer.texts(data.getExportedKeys(null, "meta", "users"), "FKTABLE_NAME"));
    assertTrue(JdbcServer.texts(data.getSchemas(), "TABLE_SCHEM").contains("meta"));
    assertEquals(List.of("lake", "online"), JdbcServer.texts(data.getCatalogs(), "TABLE_CAT"));
  }

  @Test
  void errorsSayWhatAndWhere() {
    SQLException syntax = assertThrows(SQLException.class, () -> query("SELECT 1 FRM x"));
    assertTrue(
        String.valueOf(syntax.getMessage()).contains("SYNTAX_ERROR: line 1, column"),
        syntax.getMessage());
    SQLException division = assertThrows(SQLException.class, () -> query("SELECT 1 / 0"));
    assertTrue(
        String.valueOf(division.getMessage()).contains("DIVISION_BY_ZERO"), division.getMessage());
  }
}
