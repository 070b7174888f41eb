package io.sluice.sqltests.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL text of docs/examples/train_delays.sql through JDBC, over small tables. */
class TrainDelaysTest {
  private static final Path SQL = Path.of("..", "docs", "examples", "train_delays.sql");

  private static void createTables(Statement statement) throws SQLException {
    statement.execute(
        "CREATE TABLE departures (flight_id BIGINT, sched_dep_ts TIMESTAMP WITH TIME ZONE, origin"
            + " VARCHAR, carrier VARCHAR, distance BIGINT, hour BIGINT, tailnum VARCHAR, dep_delay"
            + " DOUBLE)");
    statement.execute(
        "CREATE TABLE readings (origin VARCHAR, at TIMESTAMP WITH TIME ZONE, temp DOUBLE,"
            + " wind_speed DOUBLE, precip DOUBLE, visib DOUBLE, EVENT TIME (at))");
    statement.execute("CREATE TABLE planes (tailnum VARCHAR, seats BIGINT)");
    statement.execute("INSERT INTO planes VALUES ('N1', 100), ('N2', 200)");
    statement.execute(
        "INSERT INTO readings VALUES"
            + " ('JFK', TIMESTAMP '2013-05-01 08:00:00Z', 50, 10, 0, 10),"
            + " ('JFK', TIMESTAMP '2013-05-01 09:30:00Z', 60, 20, 0, 10),"
            + " ('JFK', TIMESTAMP '2013-11-01 09:00:00Z', 40, 30, 1, 2)");
    statement.execute(
        "INSERT INTO departures VALUES"
            + " (1, TIMESTAMP '2013-05-01 10:00:00Z', 'JFK', 'AA', 100, 6, 'N1', 20),"
            + " (2, TIMESTAMP '2013-05-01 10:30:00Z', 'JFK', 'B6', 300, 6, 'N2', -2),"
            + " (3, TIMESTAMP '2013-09-30 12:00:00Z', 'JFK', 'B6', 300, 6, 'N2', 0),"
            + " (4, TIMESTAMP '2013-11-01 10:00:00Z', 'JFK', 'UA', 200, 6, 'N3', 16),"
            + " (5, TIMESTAMP '2013-11-02 10:00:00Z', 'LGA', 'AA', 200, 6, 'N1', NULL)");
  }

  @Test
  void theSameTextMakesTheDatasetAndMetadataListsIt(@TempDir Path folder)
      throws SQLException, IOException {
    try (JdbcServer server = new JdbcServer(folder);
        Connection connection = server.connect("");
        Statement statement = connection.createStatement()) {
      createTables(statement);
      assertEquals(
          List.of("main.late_flights 1 true"),
          JdbcServer.texts(
              statement.executeQuery(Files.readString(SQL)), "name", "version", "created"));
      assertEquals(
          List.of(
              "1 50.0 10.0 100.0 true train",
              "2 60.0 20.0 200.0 false train",
              "4 40.0 30.0 150.0 true test"),
          JdbcServer.texts(
              statement.executeQuery(
                  "SELECT * FROM late_flights$transformed FOR VERSION AS OF 1 ORDER BY flight_id"),
              "flight_id",
              "temp",
              "wind_speed",
              "seats",
              "late",
              "split"));
      assertEquals(
          List.of("lake main late_flights TABLE"),
          JdbcServer.texts(
              connection.getMetaData().getTables(null, "main", "late%", new String[] {"TABLE"}),
              "TABLE_CAT",
              "TABLE_SCHEM",
              "TABLE_NAME",
              "TABLE_TYPE"));
      List<String> columns =
          JdbcServer.texts(
              connection.getMetaData().getColumns(null, "main", "late_flights", "%"),
              "COLUMN_NAME",
              "TYPE_NAME");
      assertEquals("flight_id BIGINT", columns.getFirst());
      assertTrue(columns.containsAll(List.of("late BOOLEAN", "split VARCHAR")), columns.toString());
    }
  }
}
