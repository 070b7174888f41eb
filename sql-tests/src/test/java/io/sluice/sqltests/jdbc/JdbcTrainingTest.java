package io.sluice.sqltests.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** From two feature tables and labels to a proven training dataset through JDBC alone. */
@TestInstance(Lifecycle.PER_CLASS)
class JdbcTrainingTest {
  private static final String[] TABLES = {
    "CREATE TABLE weather (origin VARCHAR, at TIMESTAMP, temp DOUBLE, EVENT TIME (at))",
    "CREATE TABLE queues (origin VARCHAR, at TIMESTAMP, planes INTEGER, EVENT TIME (at))",
    "CREATE TABLE flights (id BIGINT NOT NULL, origin VARCHAR, at TIMESTAMP, delay DOUBLE,"
        + " PRIMARY KEY (id) NOT ENFORCED)",
    "INSERT INTO weather VALUES ('JFK', TIMESTAMP '2013-01-01 05:00:00', 1.5),"
        + " ('JFK', TIMESTAMP '2013-01-01 07:00:00', 2.5)",
    "INSERT INTO queues VALUES ('JFK', TIMESTAMP '2013-01-01 06:00:00', 4)",
    "INSERT INTO flights VALUES (1, 'JFK', TIMESTAMP '2013-01-01 06:30:00', 10),"
        + " (2, 'JFK', TIMESTAMP '2013-01-01 08:00:00', -3),"
        + " (3, 'LGA', TIMESTAMP '2013-01-02 08:00:00', 0)"
  };

  private static final String CREATE =
      "CREATE TRAINING DATASET delays OBSERVED AT at LABEL (delay)"
          + " SPLIT BY TIME (train UNTIL TIMESTAMP '2013-01-02 00:00:00', test)"
          + " FIT ON train (standardize(temp) AS temp_z)"
          + " AS SELECT f.id, f.at, w.temp, q.planes, f.delay FROM flights f"
          + " LEFT ASOF JOIN weather w MATCH_CONDITION (w.at <= f.at) ON w.origin = f.origin"
          + " LEFT ASOF JOIN queues q MATCH_CONDITION (q.at <= f.at) ON q.origin = f.origin";

  private JdbcServer server;
  private Connection connection;

  @BeforeAll
  void start(@TempDir Path folder) throws SQLException {
    server = new JdbcServer(folder);
    connection = server.connect("");
    for (String sql : TABLES) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  @AfterAll
  void stop() throws SQLException {
    connection.close();
    server.close();
  }

  private List<String> query(String sql, String... columns) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return JdbcServer.texts(statement.executeQuery(sql), columns);
    }
  }

  @Test
  void aDatasetIsMadeReadProvenAndListed() throws SQLException {
    assertEquals(List.of("main.delays 1 true"), query(CREATE, "name", "version", "created"));
    assertEquals(List.of("main.delays 1 false"), query(CREATE, "name", "version", "created"));
    List<String> train = List.of("1 1.5 4 10.0 -1.0", "2 2.5 4 -3.0 1.0");
    List<String> read = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT * FROM delays$transformed FOR VERSION AS OF 1 WHERE split = ?")) {
      statement.setString(1, "train");
      read.addAll(
          JdbcServer.texts(statement.executeQuery(), "id", "temp", "planes", "delay", "temp_z"));
    }
    read.sort(null);
    assertEquals(train, read);
    assertEquals(
        List.of("train 2 true", "test 1 true", "(all) 3 true"),
        query("VERIFY TRAINING DATASET delays VERSION 1", "split", "rows", "equal"));
    assertEquals(
        List.of("delays TABLE"),
        JdbcServer.texts(
            connection.getMetaData().getTables(null, "main", "delays", new String[] {"TABLE"}),
            "TABLE_NAME",
            "TABLE_TYPE"));
    assertEquals(
        List.of("id BIGINT", "at TIMESTAMP", "temp DOUBLE", "planes INTEGER", "delay DOUBLE")
            .toString(),
        JdbcServer.texts(
                connection.getMetaData().getColumns(null, "main", "delays", "%"),
                "COLUMN_NAME",
                "TYPE_NAME")
            .subList(0, 5)
            .toString());
    SQLException unknown =
        assertThrows(
            SQLException.class, () -> query("SELECT * FROM delays FOR VERSION AS OF 5", "id"));
    assertTrue(
        String.valueOf(unknown.getMessage()).contains("UNKNOWN_VERSION"), unknown.getMessage());
  }
}
