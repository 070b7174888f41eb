package io.sluice.sqltests.jdbc;

import io.sluice.server.SluiceServer;
import io.sluice.server.config.ConfigReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server with an embedded lake in this process, and JDBC connections to it. */
final class JdbcServer implements AutoCloseable {
  private final SluiceServer server;

  JdbcServer(Path folder) {
    server =
        SluiceServer.start(
            ConfigReader.read(
                Map.of(
                    "server.port", "0",
                    "server.data-dir", folder.toString(),
                    "server.drain-timeout", "2s",
                    "engine.workers", "2",
                    "engine.memory.limit", "1GB",
                    "engine.memory.query-limit", "512MB")));
  }

  /**
   * @param more further properties of the URL, as in {@code &schema=shop}
   */
  Connection connect(String more) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:arrow-flight-sql://127.0.0.1:" + server.port() + "?useEncryption=false" + more);
  }

  /** The rows that are left, each as its columns' texts with blanks between; closes the result. */
  static List<String> texts(ResultSet result, String... columns) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (result) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (String column : columns) {
          row.add(String.valueOf(result.getString(column)));
        }
        texts.add(String.join(" ", row));
      }
    }
    return texts;
  }

  @Override
  public void close() {
    server.close();
  }
}
