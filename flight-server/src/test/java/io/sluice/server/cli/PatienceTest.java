package io.sluice.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final StringBuilder printed = new StringBuilder();

  private final RowPrinter printer =
      new RowPrinter() {
        @Override
        public void begin(List<Field> columns) {
          printed.append("begin ");
        }

        @Override
        public void rows(List<FieldVector> columns, int rows) {
          printed.append(rows).append(' ');
        }

        @Override
        public void end() {
          printed.append("end");
        }
      };

  /** Counts the lines. */
  private static final class Lines extends ByteArrayOutputStream {
    private final CountDownLatch two = new CountDownLatch(2);

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      super.write(bytes, from, length);
      if (new String(bytes, from, length, StandardCharsets.UTF_8).contains("\n")) {
        two.countDown();
      }
    }
  }

  @Test
  void saysThatAStatementGoesOnUntilItsRowsCome() throws InterruptedException {
    Lines lines = new Lines();
    PrintStream out = new PrintStream(lines, true, StandardCharsets.UTF_8);
    try (Patience patience = new Patience(printer, out, Duration.ofMillis(1))) {
      assertTrue(lines.two.await(60, TimeUnit.SECONDS));
      patience.begin(List.of());
      patience.rows(List.of(), 3);
      patience.end();
    }
    assertTrue(lines.toString(StandardCharsets.UTF_8).startsWith("  still running after 0 s"));
    assertEquals("begin 3 end", printed.toString());
  }
}
