package io.sluice.sqltests;

import io.sluice.connectors.iceberg.EmbeddedLake;
import io.sluice.connectors.iceberg.IcebergCatalog;
import io.sluice.connectors.iceberg.temporary.ScratchTables;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.online.LocalStore;
import io.sluice.engine.online.OnlineCatalog;
import io.sluice.engine.online.OnlineTables;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.QueryResult;
import io.sluice.planner.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs the records of one file against an embedded lake of its own. */
final class SltRunner implements AutoCloseable {
  private final Mode mode;
  private final Engine engine;
  private final Catalogs catalogs = new Catalogs();
  private final QueryPipeline pipeline;
  private final Session session = new Session(Principal.ANONYMOUS);
  private final DuckDbJudge judge;

  SltRunner(Mode mode, Path dataDir) throws SQLException {
    this.mode = mode;
    engine = new Engine(mode.config());
    IcebergCatalog lake = EmbeddedLake.open(dataDir, engine.allocator(), Session.DEFAULT_CATALOG);
    catalogs.add(lake);
    catalogs.add(
        new OnlineCatalog(
            new OnlineTables(
                OnlineCatalog.NAME,
                lake,
                new LocalStore(),
                engine.allocator(),
                OnlineTables.Settings.DEFAULT)));
    catalogs.keepTemporaryTables(ScratchTables.below(dataDir, engine.allocator()));
    pipeline = new QueryPipeline(engine, catalogs);
    judge = new DuckDbJudge();
  }

  /** Fails with file:line, the statement, and what differs. */
  void run(Path path) throws Exception {
    for (Record record : SltFile.read(path).records()) {
      if (!record.skipIn().contains(mode.name().toLowerCase(java.util.Locale.ROOT))) {
        String where = path + ":" + record.line() + " [" + mode + "]\n" + record.sql();
        try {
          check(record, where);
        } catch (EngineException failure) {
          throw new AssertionError(where + "\nfailed: " + failure.getMessage(), failure);
        }
      }
    }
  }

  /** Writes the present answers of all queries into the file. */
  void complete(Path path) throws Exception {
    SltFile file = SltFile.read(path);
    List<List<String>> results = new ArrayList<>();
    for (Record record : file.records()) {
      List<String> rows = List.of();
      if (record.kind() == Record.Kind.QUERY) {
        rows =
            record.sorted()
                ? execute(record.sql()).stream().sorted().toList()
                : execute(record.sql());
      } else if (record.kind() == Record.Kind.STATEMENT) {
        execute(record.sql());
      }
      results.add(rows);
    }
    Files.write(path, file.complete(results));
  }

  private void check(Record record, String where) throws SQLException {
    switch (record.kind()) {
      case STATEMENT -> {
        execute(record.sql());
        if (record.duckdb()) {
          judge.execute(record.sql());
        }
      }
      case ERROR -> checkError(record, where);
      case QUERY -> {
        List<String> actual = order(record, execute(record.sql()));
        compare(where, "expected", order(record, record.expected()), actual);
        if (record.duckdb()) {
          compare(where, "DuckDB", order(record, judge.query(record.sql())), actual);
        }
      }
    }
  }

  private void checkError(Record record, String where) {
    String pattern = java.util.Objects.requireNonNull(record.error());
    List<String> rows;
    try {
      rows = execute(record.sql());
    } catch (EngineException failure) {
      String message = failure.code() + ": " + failure.getMessage();
      if (!Pattern.compile(pattern).matcher(message).find()) {
        throw new AssertionError(where + "\nexpected error: " + pattern + "\nactual: " + message);
      }
      return;
    }
    throw new AssertionError(where + "\nexpected error: " + pattern + "\nbut it gave " + rows);
  }

  private static List<String> order(Record record, List<String> rows) {
    return record.sorted() ? rows.stream().sorted().toList() : rows;
  }

  private static void compare(
      String where, String judge, List<String> expected, List<String> actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError(
          where
              + expected.stream().collect(Collectors.joining("\n", "\n--- " + judge + "\n", "\n"))
              + actual.stream().collect(Collectors.joining("\n", "--- actual\n", "\n")));
    }
  }

  /** The rows as lines; of an update its count. */
  List<String> execute(String sql) {
    PreparedQuery prepared = pipeline.prepare(sql, session);
    return switch (pipeline.execute(prepared, List.of(), session)) {
      case QueryResult.Update update -> List.of(Long.toString(update.rowCount()));
      case QueryResult.Rows rows -> drain(rows.execution());
    };
  }

  private static List<String> drain(QueryExecution execution) {
    List<String> lines = new ArrayList<>();
    try (execution) {
      List<OutputColumn> columns = execution.results().columns();
      while (true) {
        switch (execution.results().poll()) {
          case Poll.Ready ready -> {
            try (Batch batch = ready.batch()) {
              append(columns, batch, lines);
            }
          }
          case Poll.Blocked blocked -> blocked.until().join();
          case Poll.Finished ignored -> {
            return lines;
          }
        }
      }
    }
  }

  private static void append(List<OutputColumn> columns, Batch batch, List<String> lines) {
    Selection selection = batch.selection();
    for (int i = 0; i < batch.rowCount(); i++) {
      int row = selection == null ? i : selection.get(i);
      List<String> cells = new ArrayList<>();
      for (int c = 0; c < columns.size(); c++) {
        cells.add(CellText.of(columns.get(c).type(), Cells.get(batch.column(c), row)));
      }
      lines.add(String.join("\t", cells));
    }
  }

  /** Also proves that no byte is left allocated. */
  @Override
  public void close() throws SQLException {
    judge.close();
    catalogs.close();
    engine.close();
  }
}
