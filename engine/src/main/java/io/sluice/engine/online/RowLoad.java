package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Slices;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.pipeline.Poll;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Reads all rows of a scan into an online table's rows, on several threads. */
final class RowLoad {
  private static final int BATCH_ROWS = 8192;

  /** As many are written as rows at once; what is more is taken in pieces. */
  private static final long PIECE_BYTES = 32L << 20;

  private static final int FIRST_VERSION_WITH_ROW_IDS = 3;

  private final OnlineSpec spec;
  private final boolean rowIds;
  private final OnlineRows target;
  private final LongAdder progress;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  RowLoad(OnlineSpec spec, TableDefinition table, OnlineRows target, LongAdder progress) {
    this.spec = spec;
    this.rowIds = hasRowIds(table);
    this.target = target;
    this.progress = progress;
  }

  static boolean hasRowIds(TableDefinition table) {
    return Integer.parseInt(table.properties().getOrDefault("format-version", "0"))
        >= FIRST_VERSION_WITH_ROW_IDS;
  }

  /** What is read of the lake table. */
  ScanRequest request() {
    List<String> names = new ArrayList<>();
    spec.columns().forEach(column -> names.add(column.name()));
    ColumnDefinition eventTime = spec.eventTime();
    if (eventTime != null && !names.contains(eventTime.name())) {
      names.add(eventTime.name());
    }
    names.add(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER.columnName());
    names.add(HiddenColumn.ROW_ADDRESS.columnName());
    if (rowIds) {
      names.add(HiddenColumn.ROW_ID.columnName());
    }
    return new ScanRequest(names, null);
  }

  /**
   * Reads to the end.
   *
   * @param scan of {@link #request}; stays the caller's
   * @throws EngineException why it could not; the target is then of no use
   */
  void run(TableScan scan, BufferAllocator allocator, int threads) {
    List<ScanSplit> splits = scan.splits();
    AtomicInteger next = new AtomicInteger();
    int count = Math.clamp(splits.size(), 1, threads);
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      others.add(
          Thread.ofPlatform()
              .name("sluice-online-load-" + i)
              .daemon()
              .start(() -> work(scan, splits, next, allocator)));
    }
    work(scan, splits, next, allocator);
    join(others);
    Throwable reason = failure.get();
    if (reason instanceof EngineException known) {
      throw known;
    }
    if (reason instanceof OutOfMemoryException memory) {
      throw new EngineException(
          ErrorCode.MEMORY_LIMIT,
          "there is no memory left for the rows of the online table: raise engine.memory.limit, or"
              + " hold fewer columns (COLUMNS): "
              + memory.getMessage(),
          memory);
    }
    if (reason != null) {
      throw new EngineException(
          ErrorCode.INTERNAL, "the online table cannot be loaded: " + reason, reason);
    }
  }

  private void join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          stopped = true;
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      failure.compareAndSet(
          null, new EngineException(ErrorCode.CANCELLED, "the load was interrupted"));
    }
  }

  private void work(
      TableScan scan, List<ScanSplit> splits, AtomicInteger next, BufferAllocator allocator) {
    try {
      Worker worker = new Worker(allocator);
      for (int i = next.getAndIncrement(); i < splits.size(); i = next.getAndIncrement()) {
        try (SplitReader reader = scan.open(splits.get(i), allocator, BATCH_ROWS)) {
          worker.read(reader);
        }
      }
    } catch (RuntimeException | Error e) {
      stopped = true;
      failure.compareAndSet(null, e);
    }
  }

  /** One thread's encoders. */
  private final class Worker {
    private final BufferAllocator allocator;
    private final RowEncoder keys = new RowEncoder(RowLayout.of(spec.key()), BATCH_ROWS);
    private final RowEncoder values = new RowEncoder(RowLayout.of(spec.values()), BATCH_ROWS);
    private final RowRanks ranks = new RowRanks();

    Worker(BufferAllocator allocator) {
      this.allocator = allocator;
    }

    void read(SplitReader reader) {
      while (true) {
        if (stopped || Thread.currentThread().isInterrupted()) {
          throw new EngineException(ErrorCode.CANCELLED, "the load was stopped");
        }
        switch (reader.poll()) {
          case Poll.Ready ready -> addPieces(ready.batch().compact(allocator));
          case Poll.Blocked blocked -> blocked.until().join();
          case Poll.Finished ignored -> {
            return;
          }
        }
      }
    }

    private void addPieces(Batch batch) {
      int count = batch.rowCount();
      long pieces = batch.memoryBytes() / PIECE_BYTES + 1;
      int rows = (int) Math.max(1, count / pieces);
      if (rows >= count) {
        add(batch);
        return;
      }
      try (batch) {
        for (int from = 0; from < count; from += rows) {
          int to = Math.min(count, from + rows);
          add(Slices.slice(batch.share(), from, to, allocator).compact(allocator));
        }
      }
    }

    private void add(Batch batch) {
      List<FieldVector> vectors = new ArrayList<>();
      try (batch) {
        batch.columns().forEach(column -> vectors.add(column.flatten(allocator)));
        int count = batch.rowCount();
        int width = spec.key().size() + spec.values().size();
        List<FieldVector> key = vectors.subList(0, spec.key().size());
        int hidden = vectors.size() - (rowIds ? 3 : 2);
        ranks.read(
            key,
            time(vectors),
            spec.eventTime(),
            vectors.get(hidden),
            rowIds ? vectors.get(hidden + 2) : null,
            vectors.get(hidden + 1),
            count);
        EncodedRows keyRows = keys.encode(key, count);
        EncodedRows valueRows = values.encode(vectors.subList(spec.key().size(), width), count);
        target.merge(
            keyRows, valueRows, ranks, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        progress.add(count);
      } finally {
        vectors.forEach(FieldVector::close);
      }
    }

    private @Nullable FieldVector time(List<FieldVector> vectors) {
      ColumnDefinition eventTime = spec.eventTime();
      if (eventTime == null) {
        return null;
      }
      List<String> names = spec.columns().stream().map(ColumnDefinition::name).toList();
      int at = names.indexOf(eventTime.name());
      return vectors.get(at < 0 ? names.size() : at);
    }
  }
}
