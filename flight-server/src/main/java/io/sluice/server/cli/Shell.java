package io.sluice.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import sun.misc.Signal;

/** Reads statements from a terminal. Ctrl-C stops a running statement; Ctrl-D leaves. */
final class Shell {
  private final SqlTarget target;
  private final RowPrinter.Format format;
  private final PrintStream out;

  Shell(SqlTarget target, RowPrinter.Format format, PrintStream out) {
    this.target = target;
    this.format = format;
    this.out = out;
  }

  /** Runs until the input ends; the value is the exit status. */
  int run() throws IOException {
    Signal.handle(new Signal("INT"), signal -> target.cancel());
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    System.err.println("Statements end with a semicolon; quit or Ctrl-D leaves.");
    StringBuilder text = new StringBuilder();
    while (true) {
      System.err.print(text.isEmpty() ? "sluice> " : "   ...> ");
      System.err.flush();
      String line = input.readLine();
      if (line == null || (text.isEmpty() && line.strip().matches("(?i)(quit|exit|\\\\q);?"))) {
        return 0;
      }
      text.append(line).append('\n');
      StatementSplitter.Script script = StatementSplitter.split(text.toString());
      text.setLength(0);
      text.append(script.rest());
      for (String statement : script.statements()) {
        try {
          SqlCommand.execute(target, statement, format, out);
        } catch (RuntimeException failure) {
          out.flush();
          Terminal.report(failure);
          break;
        } finally {
          // An interrupt that came too late is for no later statement.
          var unused = Thread.interrupted();
        }
      }
    }
  }
}
