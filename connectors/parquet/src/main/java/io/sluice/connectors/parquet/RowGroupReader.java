package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.pipeline.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Decodes columns of one row group, all rows or given ones. Strings stay dictionary-encoded where
 * the file has them so; other values come out flat, nested ones too, columns that the file lacks as
 * constants. Holds memory for a window of compressed bytes and about one page of each column. Used
 * by one thread at a time; the file stays the caller's and must be open until {@link #close}.
 */
public final class RowGroupReader implements SplitReader {
  private static final long MAX_BATCH_BYTES = 16L << 20;
  private final ParquetFile file;
  private final RowGroup group;
  private final List<ColumnRequest> requests;
  private final BufferAllocator allocator;
  private final int batchRows;
  private final int @Nullable [] rows;
  private final @Nullable RowRanges ranges;
  private final @Nullable RowSpans spans;
  private final PageMemory memory;
  private final ParquetInput input;
  private final List<ColumnReader> readers;
  private final int announcements;
  private int announced;
  private boolean closed;
  private long firstRow;
  // The next row of the row group, and the next of the wanted rows or ranges.
  private int position;
  private int next;

  private RowGroupReader(
      ParquetFile file,
      int rowGroup,
      List<ColumnRequest> columns,
      int @Nullable [] rows,
      @Nullable RowRanges ranges,
      BufferAllocator allocator,
      int batchRows) {
    this.file = file;
    this.group = file.metadata().rowGroups().get(rowGroup);
    this.requests = List.copyOf(columns);
    this.allocator = allocator;
    this.rows = rows;
    this.ranges = ranges;
    if (group.rowCount() > Integer.MAX_VALUE - 64) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "file " + file.metadata().path() + ": a row group of " + group.rowCount() + " rows");
    }
    if (rows != null) {
      checkRows(rows);
    }
    this.batchRows = batchRows(batchRows);
    this.spans = rows == null ? null : new RowSpans(Math.min(this.batchRows, rows.length));
    this.memory = new PageMemory(allocator);
    this.readers = new ArrayList<>(columns.size());
    boolean sparse = rows != null || ranges != null;
    this.input = file.input().forReader(allocator);
    this.announcements = input == file.input() || !sparse ? 1 : 2;
    ParquetFile read = new ParquetFile(input, file.metadata());
    try {
      for (ColumnRequest request : columns) {
        readers.add(ColumnReaders.open(read, group, request, sparse, memory));
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /**
   * All rows in order.
   *
   * @param batchRows most rows of a batch; fewer where rows are large
   * @throws EngineException UNSUPPORTED where a column cannot be read as its requested type
   */
  public static RowGroupReader open(
      ParquetFile file,
      int rowGroup,
      List<ColumnRequest> columns,
      BufferAllocator allocator,
      int batchRows) {
    return new RowGroupReader(file, rowGroup, columns, null, null, allocator, batchRows);
  }

  /**
   * The rows of some ranges in order; a batch has neighbours only. Pages without a wanted row are
   * neither decompressed nor decoded.
   *
   * @param ranges null for all rows
   */
  public static RowGroupReader open(
      ParquetFile file,
      int rowGroup,
      List<ColumnRequest> columns,
      @Nullable RowRanges ranges,
      BufferAllocator allocator,
      int batchRows) {
    return new RowGroupReader(file, rowGroup, columns, null, ranges, allocator, batchRows);
  }

  /**
   * The given rows and no others, in order; pages without a wanted row are neither decompressed nor
   * decoded.
   *
   * @param rows ascending row numbers within the row group, without repeats; not copied
   */
  public static RowGroupReader fetch(
      ParquetFile file,
      int rowGroup,
      List<ColumnRequest> columns,
      int[] rows,
      BufferAllocator allocator,
      int batchRows) {
    return new RowGroupReader(file, rowGroup, columns, rows, null, allocator, batchRows);
  }

  private void checkRows(int[] wanted) {
    int before = -1;
    for (int row : wanted) {
      if (row <= before || row >= group.rowCount()) {
        throw new IllegalArgumentException(
            "row " + row + " after row " + before + " of " + group.rowCount());
      }
      before = row;
    }
  }

  /** Fewer rows than asked for where the row group's rows are large on average. */
  private int batchRows(int wanted) {
    long bytes = 0;
    for (ColumnRequest request : requests) {
      for (ParquetColumn column : request.columns()) {
        bytes += group.chunks().get(column.index()).uncompressedBytes();
      }
    }
    long perRow = Math.max(1, bytes / Math.max(1, group.rowCount()));
    return (int) Math.max(1, Math.min(wanted, MAX_BATCH_BYTES / perRow));
  }

  @Override
  public Poll poll() {
    CompletableFuture<?> until = announce();
    if (until != null && !until.isDone()) {
      return new Poll.Blocked(until);
    }
    return rows == null ? sequential() : wanted(rows);
  }

  /** Asks until the input says that reads would not block. */
  private @Nullable CompletableFuture<?> announce() {
    while (announced < announcements) {
      CompletableFuture<?> until = input.prefetch(ranges());
      if (until != null && !until.isDone()) {
        return until;
      }
      announced++;
    }
    return null;
  }

  /** Of given rows the places of their pages first, where reading them would block. */
  private List<ParquetInput.Range> ranges() {
    List<ColumnChunk> chunks = new ArrayList<>();
    for (ColumnRequest request : requests) {
      for (ParquetColumn column : request.columns()) {
        chunks.add(group.chunks().get(column.index()));
      }
    }
    RowRanges wanted = rows == null ? ranges : RowRanges.of(rows);
    if (wanted == null || announcements == 1) {
      return ReadRanges.ofChunks(chunks);
    }
    try {
      return announced == 0
          ? ReadRanges.ofIndexes(chunks)
          : ReadRanges.ofPages(input, chunks, wanted, memory);
    } catch (CorruptPage e) {
      throw ReadFailures.named("file " + file.metadata().path(), e);
    }
  }

  private Poll sequential() {
    int gap = 0;
    long end = group.rowCount();
    RowRanges wanted = ranges;
    if (wanted != null) {
      if (next < wanted.count() && position == wanted.end(next)) {
        next++;
      }
      if (next == wanted.count()) {
        return Poll.FINISHED;
      }
      gap = Math.max(0, wanted.start(next) - position);
      end = wanted.end(next);
    }
    int count = (int) Math.min(batchRows, end - position - gap);
    if (count <= 0) {
      return Poll.FINISHED;
    }
    List<Column> columns = new ArrayList<>(readers.size());
    try {
      for (ColumnReader reader : readers) {
        reader.begin(count);
        if (gap > 0) {
          reader.skip(gap);
        }
        reader.append(count);
        columns.add(reader.finish());
      }
      firstRow = position + gap;
      position += gap + count;
      return new Poll.Ready(new Batch(columns, count));
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private Poll wanted(int[] wantedRows) {
    RowSpans plan = spans;
    if (plan == null || next >= wantedRows.length) {
      return Poll.FINISHED;
    }
    int first = next;
    int taken = plan.plan(wantedRows, first, 4 * batchRows);
    List<Column> columns = new ArrayList<>(readers.size());
    try (Selection chosen = selection(plan)) {
      for (ColumnReader reader : readers) {
        columns.add(read(reader, plan, chosen));
      }
      position = plan.start(plan.count() - 1) + plan.length(plan.count() - 1);
      next = first + taken;
      firstRow = wantedRows[first];
      return new Poll.Ready(new Batch(columns, taken));
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private Column read(ColumnReader reader, RowSpans plan, Selection chosen) {
    reader.begin(plan.decoded());
    int at = position;
    for (int span = 0; span < plan.count(); span++) {
      reader.skip(plan.start(span) - at);
      reader.append(plan.length(span));
      at = plan.start(span) + plan.length(span);
    }
    Column column = reader.finish();
    if (plan.decoded() == plan.wanted()) {
      return column;
    }
    try {
      return column.take(chosen, allocator);
    } finally {
      column.close();
    }
  }

  private Selection selection(RowSpans plan) {
    int count = plan.wanted();
    ArrowBuf positions = allocator.buffer((long) count << 2);
    for (int i = 0; i < count; i++) {
      positions.setInt((long) i << 2, plan.position(i));
    }
    return new Selection(positions, count);
  }

  @Override
  public long firstRow() {
    return firstRow;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failure = null;
    for (ColumnReader reader : readers) {
      try {
        reader.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    memory.close();
    if (input != file.input()) {
      input.close();
    }
    if (failure != null) {
      throw failure;
    }
  }
}
