package io.sluice.server.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Says from time to time that a statement goes on, until its first rows come or it ends. */
final class Patience implements RowPrinter, AutoCloseable {
  static final Duration USUAL = Duration.ofSeconds(5);

  private final RowPrinter printer;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("patience").factory());

  /**
   * @param printer gets the rows
   * @param out where the lines go
   * @param every time between two lines
   */
  Patience(RowPrinter printer, PrintStream out, Duration every) {
    this.printer = printer;
    long start = System.nanoTime();
    var unused =
        timer.scheduleAtFixedRate(
            () ->
                out.printf(
                    Locale.ROOT,
                    "  still running after %d s; Ctrl-C cancels%n",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)),
            every.toMillis(),
            every.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void begin(List<Field> columns) {
    printer.begin(columns);
  }

  @Override
  public void rows(List<FieldVector> columns, int rows) {
    timer.shutdownNow();
    printer.rows(columns, rows);
  }

  @Override
  public void end() {
    printer.end();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
