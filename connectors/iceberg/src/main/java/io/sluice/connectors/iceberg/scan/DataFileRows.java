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

/** All rows of one data file, in order. Used by one thread. */
public final class DataFileRows implements AutoCloseable {
  private static final int BATCH_ROWS = 4096;

  private final ParquetFile file;
  private final ParquetMetadata footer;
  private final FileProjection.Projected projection;
  private final BufferAllocator allocator;
  private int next;
  private @Nullable SplitReader group;

  /** Takes ownership of the file, also where this fails. */
  DataFileRows(
      ParquetFile file,
      Function<ParquetMetadata, FileProjection.Projected> projection,
      BufferAllocator allocator) {
    this.file = file;
    this.footer = file.metadata();
    this.allocator = allocator;
    try {
      this.projection = projection.apply(footer);
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

  private SplitReader open(int number) {
    SplitReader rows =
        RowGroupReader.open(file, number, projection.requests(), allocator, BATCH_ROWS);
    return projection.isPlain()
        ? rows
        : new ShapedReader(
            rows, projection.from(footer.rowGroups().get(number).firstRow()), null, allocator);
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
