package io.sluice.engine.testing;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.ScanMetrics;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/**
 * A table of Java rows (cells in the form of {@code Expression.Literal}) in splits. A scan leaves
 * out splits in which no row passes what {@link SplitFilter} understands of its filter. Strings may
 * come as dictionaries, readers may block now and then, and a hook sees every batch.
 */
public final class MemoryTable implements TableSnapshot {
  private final TableName name;
  private final List<ColumnDefinition> columns;
  private final List<List<List<?>>> splits;
  private final boolean dictionaries;
  private final boolean blocking;
  private final boolean identity;
  private final boolean counted;
  private final IntConsumer onBatch;
  private final AtomicInteger batches = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  private MemoryTable(
      TableName name,
      List<ColumnDefinition> columns,
      List<List<List<?>>> splits,
      boolean dictionaries,
      boolean blocking,
      boolean identity,
      boolean counted,
      IntConsumer onBatch) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.splits = splits;
    this.dictionaries = dictionaries;
    this.blocking = blocking;
    this.identity = identity;
    this.counted = counted;
    this.onBatch = onBatch;
  }

  /** A table with the given splits; nullable columns. */
  public static MemoryTable ofSplits(
      String name, Map<String, SqlType> columns, List<List<List<?>>> splits) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    columns.forEach(
        (column, type) -> definitions.add(new ColumnDefinition(column, type, true, null)));
    return new MemoryTable(
        new TableName("test", "main", name),
        definitions,
        splits,
        false,
        false,
        false,
        true,
        batch -> {});
  }

  /** The rows in {@code splitCount} splits of about equal size. */
  public static MemoryTable of(
      String name, Map<String, SqlType> columns, List<? extends List<?>> rows, int splitCount) {
    List<List<List<?>>> splits = new ArrayList<>();
    for (int s = 0; s < splitCount; s++) {
      int from = (int) ((long) rows.size() * s / splitCount);
      int to = (int) ((long) rows.size() * (s + 1) / splitCount);
      splits.add(new ArrayList<>(rows.subList(from, to)));
    }
    return ofSplits(name, columns, splits);
  }

  /** Strings come dictionary-encoded, with another dictionary per batch. */
  public MemoryTable withDictionaries() {
    return new MemoryTable(name, columns, splits, true, blocking, identity, counted, onBatch);
  }

  /** Every other poll answers BLOCKED and is completed by another thread a little later. */
  public MemoryTable blocking() {
    return new MemoryTable(name, columns, splits, dictionaries, true, identity, counted, onBatch);
  }

  /** Calls {@code hook} with the number, from 0, of every batch that any reader is asked for. */
  public MemoryTable onBatch(IntConsumer hook) {
    return new MemoryTable(name, columns, splits, dictionaries, blocking, identity, counted, hook);
  }

  /** Nobody knows how many rows there are. */
  public MemoryTable withoutStatistics() {
    return new MemoryTable(name, columns, splits, dictionaries, blocking, identity, false, onBatch);
  }

  /**
   * Rows are not in order of their places but of its columns {@code _last_updated_sequence_number}
   * and {@code _row_id}, as in a table that was rewritten.
   */
  public MemoryTable withIdentity() {
    return new MemoryTable(name, columns, splits, dictionaries, blocking, true, counted, onBatch);
  }

  /** Readers that are open now. */
  public int openReaders() {
    return open.get();
  }

  /** Batches that readers were asked for. */
  public int batchesRead() {
    return batches.get();
  }

  /** A scan of all columns, without a filter. */
  public PhysicalPlan.ScanPlan plan() {
    return plan(columns.stream().map(ColumnDefinition::name).toArray(String[]::new));
  }

  /** A scan of some columns, without a filter. */
  public PhysicalPlan.ScanPlan plan(String... wanted) {
    List<OutputColumn> output = new ArrayList<>();
    for (String column : wanted) {
      output.add(new OutputColumn(column, columns.get(index(column)).type(), true));
    }
    return new PhysicalPlan.ScanPlan(
        name, new TableVersion.Current(), List.of(wanted), null, output);
  }

  private int index(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException(column);
  }

  @Override
  public TableName name() {
    return name;
  }

  @Override
  public String tableUuid() {
    return name.toString();
  }

  @Override
  public long snapshotId() {
    return 1;
  }

  @Override
  public TableDefinition definition() {
    return TableDefinition.of(columns);
  }

  @Override
  public boolean keepsOrder() {
    return false;
  }

  @Override
  public TableStatistics statistics() {
    if (!counted) {
      return new TableStatistics(-1, -1, Map.of());
    }
    long rows = splits.stream().mapToLong(List::size).sum();
    return new TableStatistics(rows, rows * columns.size() * 8, Map.of());
  }

  @Override
  public TableScan scan(ScanRequest request) {
    List<Integer> wanted = request.columns().stream().map(this::index).toList();
    List<List<List<?>>> kept =
        splits.stream()
            .filter(split -> SplitFilter.mayPass(split, wanted, request.filter()))
            .toList();
    return new MemoryScan(wanted, kept);
  }

  private final class MemoryScan implements TableScan {
    private final List<Integer> wanted;
    private final List<List<List<?>>> kept;

    MemoryScan(List<Integer> wanted, List<List<List<?>>> kept) {
      this.wanted = wanted;
      this.kept = kept;
    }

    @Override
    public List<HiddenColumn> rowOrder() {
      return identity
          ? List.of(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER, HiddenColumn.ROW_ID)
          : List.of();
    }

    @Override
    public TableScan reading(List<String> others) {
      return new MemoryScan(others.stream().map(MemoryTable.this::index).toList(), kept);
    }

    @Override
    public List<ScanSplit> splits() {
      List<ScanSplit> all = new ArrayList<>();
      for (int i = 0; i < kept.size(); i++) {
        int rows = kept.get(i).size();
        all.add(new ScanSplit(i, "memory:" + name + "/" + i, rows, 8L * rows));
      }
      return all;
    }

    @Override
    public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
      return new Reader(kept.get(split.ordinal()), wanted, allocator, batchRows);
    }

    @Override
    public SplitReader fetch(
        ScanSplit split, int[] rows, BufferAllocator allocator, int batchRows) {
      List<List<?>> all = kept.get(split.ordinal());
      List<List<?>> chosen = new ArrayList<>(rows.length);
      for (int i = 0; i < rows.length; i++) {
        assert i == 0 || rows[i] > rows[i - 1] : "rows must ascend";
        chosen.add(all.get(rows[i]));
      }
      return new Reader(chosen, wanted, allocator, batchRows);
    }

    @Override
    public ScanMetrics metrics() {
      return new ScanMetrics(
          kept.size(), splits.size() - kept.size(), kept.size(), 0, 0, batches.get());
    }

    @Override
    public void close() {}
  }

  private final class Reader implements SplitReader {
    private final List<List<?>> rows;
    private final List<Integer> wanted;
    private final BufferAllocator allocator;
    private final int batchRows;
    private int next;
    private int first;
    private boolean hasBlocked;
    private boolean closed;

    Reader(List<List<?>> rows, List<Integer> wanted, BufferAllocator allocator, int batchRows) {
      this.rows = rows;
      this.wanted = wanted;
      this.allocator = allocator;
      this.batchRows = batchRows;
      open.incrementAndGet();
    }

    @Override
    public Poll poll() {
      if (next == rows.size()) {
        return Poll.FINISHED;
      }
      if (blocking && !hasBlocked) {
        hasBlocked = true;
        return new Poll.Blocked(
            new CompletableFuture<Void>().completeOnTimeout(null, 50, TimeUnit.MICROSECONDS));
      }
      hasBlocked = false;
      onBatch.accept(batches.getAndIncrement());
      first = next;
      next = Math.min(rows.size(), next + batchRows);
      return new Poll.Ready(batch(rows.subList(first, next)));
    }

    private Batch batch(List<List<?>> part) {
      List<Column> batchColumns = new ArrayList<>();
      try {
        for (int column : wanted) {
          List<@Nullable Object> values = new ArrayList<>(part.size());
          part.forEach(row -> values.add(row.get(column)));
          batchColumns.add(column(columns.get(column).type(), values));
        }
        return new Batch(batchColumns, part.size());
      } catch (RuntimeException | Error failure) {
        batchColumns.forEach(Column::close);
        throw failure;
      }
    }

    private Column column(SqlType type, List<@Nullable Object> values) {
      return dictionaries && type.kind() == SqlType.Kind.VARCHAR
          ? dictionary(type, values)
          : new FlatColumn(type, Cells.vector(type, values, allocator));
    }

    private Column dictionary(SqlType type, List<@Nullable Object> values) {
      LinkedHashSet<@Nullable Object> distinct = new LinkedHashSet<>(values);
      distinct.remove(null);
      List<@Nullable Object> entries = new ArrayList<>(distinct);
      FieldVector dictionary = Cells.vector(type, entries, allocator);
      try {
        IntVector indices = new IntVector("", allocator);
        try {
          indices.allocateNew(values.size());
          for (int i = 0; i < values.size(); i++) {
            if (values.get(i) == null) {
              indices.setNull(i);
            } else {
              indices.set(i, entries.indexOf(values.get(i)));
            }
          }
          indices.setValueCount(values.size());
          return new DictionaryColumn(indices, new SharedDictionary(type, dictionary));
        } catch (RuntimeException | Error failure) {
          indices.close();
          throw failure;
        }
      } catch (RuntimeException | Error failure) {
        dictionary.close();
        throw failure;
      }
    }

    @Override
    public long firstRow() {
      return first;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
