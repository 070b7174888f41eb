package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.connectors.parquet.RowGroupReader;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.pipeline.Poll;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** The rows of one data file that are not deleted, in order. Used by one thread. */
public final class DataFileRows implements AutoCloseable {
  private static final int BATCH_ROWS = 4096;

  private final ParquetFile file;
  private final ParquetMetadata footer;
  private final FileProjection.Projected projection;
  private final FileProjection.@Nullable Live live;
  private final BufferAllocator allocator;
  private int next;
  private long firstRow;
  private @Nullable SplitReader group;

  /**
   * Takes ownership of the file, also where this fails.
   *
   * @param live gives null where all rows are there
   */
  DataFileRows(
      ParquetFile file,
      Function<ParquetMetadata, FileProjection.Projected> projection,
      Function<ParquetMetadata, FileProjection.@Nullable Live> live,
      BufferAllocator allocator) {
    this.file = file;
    this.footer = file.metadata();
    this.allocator = allocator;
    try {
      this.projection = projection.apply(footer);
      this.live = live.apply(footer);
    } catch (RuntimeException | Error failure) {
      file.close();
      throw failure;
    }
  }

  /** The next rows, which the caller closes, or null at the end. */
  public @Nullable Batch next() {
    while (true) {
      SplitReader reader = group;
      if (reader == null) {
        if (next == footer.rowGroups().size()) {
          return null;
        }
        reader = open(next++);
        group = reader;
      }
      switch (reader.poll()) {
        case Poll.Ready(Batch batch) -> {
          firstRow = footer.rowGroups().get(next - 1).firstRow() + reader.firstRow();
          return batch;
        }
        case Poll.Blocked blocked -> blocked.until().join();
        case Poll.Finished ignored -> {
          reader.close();
          group = null;
        }
      }
    }
  }

  /** Number within the file of row 0 of the batch last returned. */
  public long firstRow() {
    return firstRow;
  }

  private SplitReader open(int number) {
    long first = footer.rowGroups().get(number).firstRow();
    FileProjection.Projected read = live == null ? projection : live.projection();
    SplitReader rows = RowGroupReader.open(file, number, read.requests(), allocator, BATCH_ROWS);
    if (live != null) {
      return live.of(rows, first, allocator);
    }
    return read.isPlain() ? rows : new ShapedReader(rows, read.from(first), null, allocator);
  }

  @Override
  public void close() {
    SplitReader reader = group;
    group = null;
    try (file) {
      if (reader != null) {
        reader.close();
      }
    }
  }
}
