package io.sluice.sqltests.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Sluice through JDBC and DuckDB give the same rows from the same Parquet files. */
@TestInstance(Lifecycle.PER_CLASS)
class SameRowsTest {
  private final TimeZone zone = TimeZone.getDefault();
  private JdbcServer server;
  private Connection sluice;
  private Connection duckdb;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    server = new JdbcServer(folder.resolve("lake"));
    sluice = server.connect("");
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
    execute(duckdb, resource("data.sql"));
    for (String table : List.of("client_people", "client_teams")) {
      Path file = folder.resolve(table + ".parquet");
      execute(duckdb, "COPY " + table + " TO '" + file + "' (FORMAT parquet)");
      execute(sluice, "CALL register_parquet('main." + table + "', '" + file + "')");
    }
  }

  @AfterAll
  void stop() throws SQLException {
    sluice.close();
    duckdb.close();
    server.close();
    TimeZone.setDefault(zone);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = SameRowsTest.class.getResourceAsStream("/clients/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @TestFactory
  Stream<DynamicTest> queries() throws IOException {
    return Arrays.stream(resource("queries.sql").split(";\\s*\\n"))
        .map(text -> text.replaceAll("(?m)^--.*$", "").strip())
        .filter(text -> !text.isEmpty())
        .map(
            text ->
                DynamicTest.dynamicTest(
                    text.lines().findFirst().orElseThrow(),
                    () -> assertEquals(rows(duckdb, text), rows(sluice, text))));
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(text(result.getObject(i)));
        }
        rows.add(String.join(" | ", row));
      }
    }
    rows.sort(null);
    return rows;
  }

  /** Numbers by their value, times without regard to the class that holds them. */
  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case Double number -> new BigDecimal(number).stripTrailingZeros().toPlainString();
      case Number number -> new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
      case Timestamp time -> time.toLocalDateTime().toString();
      case Date date -> date.toLocalDate().toString();
      case LocalDate date -> date.toString();
      default -> value.toString();
    };
  }
}
