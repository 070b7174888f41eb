package io.sluice.connectors.iceberg.deletes;

import io.sluice.connectors.parquet.ColumnRequest;
import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.connectors.parquet.RowGroupReader;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.pipeline.Poll;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/** Reads all rows of a Parquet file that deletes rows of others. */
final class DeleteFileRows {
  private static final int BATCH_ROWS = 8192;

  private DeleteFileRows() {}

  /**
   * @param columns which of the file's columns are wanted
   * @param rows gets each batch, which stays this method's; may throw to stop
   */
  static void read(
      ParquetFile opened,
      Function<ParquetMetadata, List<ColumnRequest>> columns,
      BufferAllocator allocator,
      Consumer<Batch> rows) {
    try (ParquetFile file = opened) {
      List<ColumnRequest> requests = columns.apply(file.metadata());
      for (int group = 0; group < file.metadata().rowGroups().size(); group++) {
        try (SplitReader reader =
            RowGroupReader.open(file, group, requests, allocator, BATCH_ROWS)) {
          drain(reader, rows);
        }
      }
    }
  }

  private static void drain(SplitReader reader, Consumer<Batch> rows) {
    while (true) {
      switch (reader.poll()) {
        case Poll.Ready(Batch batch) -> {
          try (batch) {
            rows.accept(batch);
          }
        }
        case Poll.Blocked blocked -> blocked.until().join();
        case Poll.Finished ignored -> {
          return;
        }
      }
    }
  }
}
