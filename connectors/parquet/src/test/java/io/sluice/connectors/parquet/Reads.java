package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Whole files as rows. */
final class Reads {
  private Reads() {}

  static ParquetFile open(Path path, BufferAllocator allocator) {
    return ParquetFile.open(LocalParquetInput.open(path), allocator);
  }

  /** All columns as these types, in the file's order. */
  static List<ColumnRequest> requests(ParquetFile file, List<SqlType> types) {
    List<ColumnRequest> requests = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      requests.add(ColumnRequest.of(file.metadata().columns().get(i), types.get(i)));
    }
    return requests;
  }

  static List<List<@Nullable Object>> all(
      Path path, List<SqlType> types, BufferAllocator allocator, int batchRows) {
    try (ParquetFile file = open(path, allocator)) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (int g = 0; g < file.metadata().rowGroups().size(); g++) {
        try (RowGroupReader reader =
            RowGroupReader.open(file, g, requests(file, types), allocator, batchRows)) {
          rows.addAll(drain(reader));
        }
      }
      return rows;
    }
  }

  static List<List<@Nullable Object>> drain(RowGroupReader reader) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (reader.poll() instanceof Poll.Ready(Batch batch)) {
      try (batch) {
        rows.addAll(Batches.rows(batch));
      }
    }
    return rows;
  }

  /** The same file as a writer without offset indexes would have left it. */
  static ParquetFile withoutIndex(ParquetFile file) {
    ParquetMetadata metadata = file.metadata();
    List<ParquetMetadata.RowGroup> groups = new ArrayList<>();
    for (ParquetMetadata.RowGroup group : metadata.rowGroups()) {
      List<ParquetMetadata.ColumnChunk> chunks = new ArrayList<>();
      for (ParquetMetadata.ColumnChunk chunk : group.chunks()) {
        chunks.add(
            new ParquetMetadata.ColumnChunk(
                chunk.codec(),
                chunk.offset(),
                chunk.dataOffset(),
                chunk.compressedBytes(),
                chunk.uncompressedBytes(),
                chunk.valueCount(),
                chunk.statistics(),
                null,
                null,
                chunk.allDictionary(),
                chunk.encrypted()));
      }
      groups.add(new ParquetMetadata.RowGroup(group.firstRow(), group.rowCount(), chunks));
    }
    return new ParquetFile(
        file.input(),
        new ParquetMetadata(
            metadata.path(),
            metadata.length(),
            metadata.createdBy(),
            metadata.schema(),
            metadata.columns(),
            groups,
            metadata.properties()));
  }
}
