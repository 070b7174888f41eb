package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The kept (right) side of a join: every task stores its own rows; then their numbers become one
 * sequence, and tasks link the parts of the hash table side by side.
 */
final class JoinBuild implements Breaker {
  /** Fewer rows are linked by one task. */
  private static final int MANY_ROWS = 1 << 14;

  private static final int MAX_PARTS = 16;

  private final JoinShape shape;
  private final BufferAllocator allocator;
  private final OperatorStats stats;

  /** Guarded by this. */
  private final List<RowStore> stores = new ArrayList<>();

  private final List<KeyStore> keyStores = new ArrayList<>();
  private final GrowingBuffer matched;
  private @Nullable StoredRows rows;
  private @Nullable JoinKeys keys;
  private @Nullable JoinTable table;
  private boolean closed;

  /** Takes ownership of the allocator of its private state. */
  JoinBuild(JoinShape shape, BufferAllocator allocator, OperatorStats stats) {
    this.shape = shape;
    this.allocator = allocator;
    this.stats = stats;
    this.matched = new GrowingBuffer(allocator);
  }

  /** All rows, once this is complete. */
  StoredRows rows() {
    return Objects.requireNonNull(rows);
  }

  JoinKeys keys() {
    return Objects.requireNonNull(keys);
  }

  JoinTable table() {
    return Objects.requireNonNull(table);
  }

  /** A byte per row number: whether a probe has matched it. Tasks only ever write 1. */
  ArrowBuf matched() {
    return matched.buffer();
  }

  @Override
  public Sink open(TaskContext task) {
    BuildKeys description = shape.keys();
    return new BuildSink(
        description == null
            ? null
            : new KeyInput(
                description.build(), description.layout(), task.expressions(), allocator));
  }

  private synchronized void add(RowStore store, @Nullable KeyStore keyStore) {
    if (closed) {
      store.close();
      if (keyStore != null) {
        keyStore.close();
      }
      return;
    }
    stores.add(store);
    if (keyStore != null) {
      keyStores.add(keyStore);
    }
  }

  @Override
  public synchronized List<Work> merge(TaskContext task) {
    rows = new StoredRows(shape.storedColumns(), shape.rightTypes(), stores, task.allocator());
    if (shape.emitsUnmatchedRight()) {
      matched.ensure(Math.max(1, (long) rows.segments() << Segments.LOG));
    }
    BuildKeys description = shape.keys();
    if (description == null) {
      stats.held(allocator.getAllocatedMemory());
      return List.of();
    }
    JoinKeys all = new JoinKeys(description.layout(), keyStores);
    keys = all;
    int parts = 1;
    while (all.rows > MANY_ROWS && parts < Math.min(task.config().workers(), MAX_PARTS)) {
      parts *= 2;
    }
    JoinTable created = JoinTable.create(all, parts, allocator);
    table = created;
    created.prepare();
    stats.held(allocator.getAllocatedMemory());
    int[] skippedIds = Arrays.copyOf(all.unlinked, all.unlinked.length + all.nullWords.length);
    System.arraycopy(all.nullWords, 0, skippedIds, all.unlinked.length, all.nullWords.length);
    Arrays.sort(skippedIds);
    SkippedRows skipped = new SkippedRows(skippedIds);
    List<Work> pieces = new ArrayList<>();
    AtomicInteger left = new AtomicInteger(parts);
    for (int part = 0; part < parts; part++) {
      pieces.add(new LinkPart(created, part, skipped, left));
    }
    return pieces;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (table != null) {
      table.close();
    }
    if (rows != null) {
      rows.close();
    }
    matched.close();
    stores.forEach(RowStore::close);
    keyStores.forEach(KeyStore::close);
    allocator.close();
  }

  private static final class LinkPart implements Work {
    private final JoinTable table;
    private final int part;
    private final SkippedRows skipped;
    private final AtomicInteger left;
    private final boolean[] skip = new boolean[Segments.ROWS];
    private int segment;

    LinkPart(JoinTable table, int part, SkippedRows skipped, AtomicInteger left) {
      this.table = table;
      this.part = part;
      this.skipped = skipped;
      this.left = left;
    }

    @Override
    public boolean step(TaskContext task) {
      while (segment < table.keys.segments()) {
        skipped.mark(segment, skip);
        table.link(part, segment, skip);
        segment++;
        task.checkCancelled();
        if (task.yieldDue()) {
          return true;
        }
      }
      if (left.decrementAndGet() == 0) {
        table.complete(task, skipped);
      }
      return false;
    }
  }

  private final class BuildSink implements Sink {
    private final RowStore store =
        new RowStore(shape.storedColumns(), shape.rightTypes(), allocator);
    private final @Nullable KeyInput input;
    private final @Nullable KeyStore keyStore;
    private int[] chosen = new int[0];
    private int[] rowsOfChosen = new int[0];
    private boolean handedOver;

    BuildSink(@Nullable KeyInput input) {
      this.input = input;
      this.keyStore = input == null ? null : new KeyStore(input.layout(), allocator);
    }

    @Override
    public SinkAnswer push(Batch batch) {
      try (batch) {
        int count = batch.rowCount();
        if (chosen.length < count) {
          chosen = new int[count];
          rowsOfChosen = new int[count];
        }
        int kept = 0;
        if (input != null) {
          input.read(batch);
        }
        long unsafe = shape.keepsUnlinked() || shape.keys() == null ? 0 : shape.keys().unsafe();
        for (int i = 0; i < count; i++) {
          if (input == null || unsafe == 0 || !input.keys().hasNull(i, unsafe)) {
            chosen[kept] = i;
            rowsOfChosen[kept++] = batch.selection() == null ? i : batch.selection().get(i);
          }
        }
        if (input != null && keyStore != null && shape.keys() != null) {
          keyStore.append(input.keys(), chosen, kept, shape.keys().unsafe());
        }
        store.append(batch, rowsOfChosen, kept);
      }
      return SinkAnswer.NEED_MORE;
    }

    @Override
    public boolean finish() {
      if (input != null) {
        input.close();
      }
      handedOver = true;
      add(store, keyStore);
      return false;
    }

    @Override
    public void close() {
      if (input != null) {
        input.close();
      }
      if (!handedOver) {
        handedOver = true;
        store.close();
        if (keyStore != null) {
          keyStore.close();
        }
      }
    }
  }
}
