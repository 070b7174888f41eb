package io.sluice.server.cli;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.server.Main;
import io.sluice.server.cli.SqlTarget.Outcome;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/** Runs SQL, in this process or on a server. */
@Command(
    name = "sql",
    description = {
      "Runs SQL: in this process over the embedded catalog, or on a server with --uri.",
      "Statements come from -c, from -f, or from the input; without any of these, on a terminal,"
          + " it asks for them. Semicolons separate statements; the first that fails ends the run.",
      "Rows go to the output, counts and times to the error output."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    footer = {
      "",
      "Examples:",
      "  sluice sql -c \"CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1); SELECT * FROM t\"",
      "  echo \"SHOW TABLES\" | sluice sql --uri grpc://127.0.0.1:31337 --format json"
    })
public final class SqlCommand implements Callable<Integer> {
  /** The exit status of what an interrupt has ended. */
  private static final int INTERRUPTED = 130;

  /** Where the statements come from. */
  static final class Statements {
    @Option(
        names = {"-c", "--command"},
        paramLabel = "SQL",
        description = "Statements to run.")
    private @Nullable String command;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "A file with statements.")
    private @Nullable Path file;
  }

  @ArgGroup(exclusive = true)
  private @Nullable Statements source;

  @Option(
      names = "--uri",
      paramLabel = "URI",
      description = "A server's address, as in grpc://127.0.0.1:31337.")
  private @Nullable String uri;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "User of the server; the password is taken from SLUICE_PASSWORD or asked for.")
  private @Nullable String user;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json (default: table).")
  private RowPrinter.Format format = RowPrinter.Format.TABLE;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  public Integer call() throws IOException {
    Statements given = source;
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            false,
            StandardCharsets.UTF_8);
    try (SqlTarget target = target()) {
      if (given != null && given.command != null) {
        return script(target, given.command, out);
      }
      if (given != null && given.file != null) {
        return script(target, read(given.file), out);
      }
      Console console = System.console();
      if (console != null && console.isTerminal()) {
        return new Shell(target, format, out).run();
      }
      return script(target, read(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out);
    } finally {
      out.flush();
    }
  }

  /**
   * Lets a statement of this process undo what it has begun; a second interrupt does not wait. A
   * server does so by itself when its client is gone.
   */
  private static void cancelOnInterrupt(SqlTarget target) {
    AtomicBoolean asked = new AtomicBoolean();
    Signal.handle(
        new Signal("INT"),
        signal -> {
          if (asked.getAndSet(true)) {
            Runtime.getRuntime().halt(INTERRUPTED);
          }
          target.cancel();
        });
  }

  private SqlTarget target() {
    if (uri == null) {
      return new EmbeddedTarget(options.read(Map.of()));
    }
    return new RemoteTarget(uri, user == null ? null : new RemoteTarget.Login(user, password()));
  }

  private static String password() {
    String set = System.getenv("SLUICE_PASSWORD");
    if (set != null) {
      return set;
    }
    Console console = System.console();
    char[] typed = console == null ? null : console.readPassword("Password: ");
    return typed == null ? "" : new String(typed);
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "no file " + file, e);
    }
  }

  private static String read(Reader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    try (BufferedReader lines = new BufferedReader(reader)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  private int script(SqlTarget target, String script, PrintStream out) {
    List<String> statements = StatementSplitter.statements(script);
    if (uri == null) {
      cancelOnInterrupt(target);
    }
    for (String statement : statements) {
      out.flush();
      execute(target, statement, format, out);
    }
    return 0;
  }

  /** Runs one statement, prints its rows, and says how many there were and how long it took. */
  static void execute(
      SqlTarget target, String statement, RowPrinter.Format format, PrintStream out) {
    long start = System.nanoTime();
    Outcome outcome;
    try (Patience patience = new Patience(format.printer(out), System.err, Patience.USUAL)) {
      outcome = target.run(statement, patience);
    }
    out.flush();
    String what = outcome.rows() == 1 ? "row" : "rows";
    System.err.printf(
        Locale.ROOT,
        "%,d %s%s in %.3f s%n",
        outcome.rows(),
        what,
        outcome.query() ? "" : " affected",
        (System.nanoTime() - start) / 1e9);
  }
}
