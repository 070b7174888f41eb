package io.sluice.server.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.ResultStream;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.type.SqlType;
import io.sluice.server.flight.FlightErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pumps results through a real server to real clients. */
class ResultPumpTest {
  private static final int COLUMNS = 16;
  private static final int ROWS = 8192;
  private static final int BUFFER = 4 << 20;

  private final BufferAllocator serverMemory = new RootAllocator();
  private final BufferAllocator clientMemory = new RootAllocator();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService pumps = Executors.newFixedThreadPool(2);
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<Numbers> open = new ArrayList<>();
  private FlightServer server;

  /** Ascending numbers in many columns; blocks now and then, may fail. */
  private final class Numbers implements ResultStream {
    private final int batches;
    private final int failAt;
    private final AtomicInteger closes = new AtomicInteger();
    private int polled;
    private long next;
    private boolean rested;

    Numbers(int batches, int failAt) {
      this.batches = batches;
      this.failAt = failAt;
    }

    @Override
    public List<OutputColumn> columns() {
      List<OutputColumn> columns = new ArrayList<>();
      for (int i = 0; i < COLUMNS; i++) {
        columns.add(new OutputColumn("c" + i, SqlType.BIGINT, false));
      }
      return columns;
    }

    @Override
    public Poll poll() {
      if (polled == failAt) {
        throw new EngineException(ErrorCode.DIVISION_BY_ZERO, "1 / 0");
      }
      if (polled == batches) {
        return Poll.FINISHED;
      }
      if (polled % 7 == 3 && !rested) {
        rested = true;
        return new Poll.Blocked(
            CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS)));
      }
      rested = false;
      polled++;
      List<io.sluice.engine.batch.Column> columns = new ArrayList<>();
      for (int i = 0; i < COLUMNS; i++) {
        BigIntVector vector = new BigIntVector("", serverMemory);
        vector.allocateNew(ROWS);
        for (int row = 0; row < ROWS; row++) {
          vector.set(row, next + row);
        }
        vector.setValueCount(ROWS);
        columns.add(new FlatColumn(SqlType.BIGINT, vector));
      }
      next += ROWS;
      return new Poll.Ready(new Batch(columns, ROWS));
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }

  @BeforeEach
  void start() throws Exception {
    NoOpFlightProducer producer =
        new NoOpFlightProducer() {
          @Override
          public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
            ResultPump pump =
                new ResultPump(listener, pumps, timer, serverMemory, FlightErrors::of);
            String[] parts = new String(ticket.getBytes(), StandardCharsets.UTF_8).split(",");
            Numbers numbers = new Numbers(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            synchronized (open) {
              open.add(numbers);
            }
            pump.start(
                numbers, ResultSchema.of(numbers.columns(), StreamOptions.DEFAULT), () -> {});
          }
        };
    server =
        FlightServer.builder(serverMemory, Location.forGrpcInsecure("127.0.0.1", 0), producer)
            .executor(calls)
            .backpressureThreshold(BUFFER)
            .build()
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    await(() -> serverMemory.getAllocatedMemory() == 0);
    for (Numbers numbers : open) {
      await(() -> numbers.closes.get() == 1);
    }
    pumps.shutdown();
    timer.shutdown();
    calls.shutdown();
    serverMemory.close();
    clientMemory.close();
  }

  private static void await(java.util.function.BooleanSupplier condition) throws Exception {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean());
  }

  private FlightClient client() {
    return FlightClient.builder(
            clientMemory, Location.forGrpcInsecure("127.0.0.1", server.getPort()))
        .build();
  }

  private static Ticket ticket(int batches, int failAt) {
    return new Ticket((batches + "," + failAt).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void allRowsArriveInOrder() throws Exception {
    try (FlightClient client = client();
        FlightStream stream = client.getStream(ticket(100, -1))) {
      long next = 0;
      while (stream.next()) {
        BigIntVector last = (BigIntVector) stream.getRoot().getVector(COLUMNS - 1);
        for (int i = 0; i < stream.getRoot().getRowCount(); i++) {
          assertEquals(next++, last.get(i));
        }
      }
      assertEquals(100L * ROWS, next);
    }
  }

  @Test
  void errorsArriveAfterTheRowsBefore() throws Exception {
    try (FlightClient client = client();
        FlightStream stream = client.getStream(ticket(100, 5))) {
      FlightRuntimeException e =
          assertThrows(
              FlightRuntimeException.class,
              () -> {
                while (stream.next()) {
                  assertTrue(stream.getRoot().getRowCount() > 0);
                }
              });
      assertEquals(FlightStatusCode.INVALID_ARGUMENT, e.status().code());
      assertEquals("DIVISION_BY_ZERO: 1 / 0", e.status().description());
    }
  }

  @Test
  void aPausedReaderCostsLittle() throws Exception {
    // 2 GB
    int batches = 2_000;
    try (FlightClient client = client()) {
      FlightStream stream = client.getStream(ticket(batches, -1));
      assertTrue(stream.next());
      Thread.sleep(700);
      long held = serverMemory.getAllocatedMemory();
      assertTrue(held < 24L << 20, held + " bytes held");
      int polled = open.get(0).polled;
      assertTrue(polled < 100, polled + " batches taken");
      stream.cancel("enough", null);
      stream.close();
      await(() -> serverMemory.getAllocatedMemory() == 0);
    }
  }

  @Test
  void pausedReadersDoNotDelayOthers() throws Exception {
    List<FlightClient> clients = new ArrayList<>();
    List<FlightStream> paused = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      FlightClient client = client();
      clients.add(client);
      FlightStream stream = client.getStream(ticket(2_000, -1));
      assertTrue(stream.next());
      paused.add(stream);
    }
    Thread.sleep(300);
    try (FlightClient client = client()) {
      long worst = 0;
      for (int i = 0; i < 20; i++) {
        long start = System.nanoTime();
        try (FlightStream stream = client.getStream(ticket(1, -1))) {
          while (stream.next()) {
            assertTrue(stream.getRoot().getRowCount() > 0);
          }
        }
        // The first call connects.
        worst = i == 0 ? 0 : Math.max(worst, System.nanoTime() - start);
      }
      assertTrue(worst < 100_000_000L, worst / 1e6 + " ms");
    }
    for (FlightStream stream : paused) {
      stream.cancel("enough", null);
      stream.close();
    }
    for (FlightClient client : clients) {
      client.close();
    }
  }
}
