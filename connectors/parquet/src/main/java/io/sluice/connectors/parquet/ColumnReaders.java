package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import org.apache.arrow.memory.BufferAllocator;

/** Chooses how a requested column is read. */
final class ColumnReaders {
  private ColumnReaders() {}

  static ColumnReader open(
      ParquetFile file,
      RowGroup group,
      ColumnRequest request,
      boolean sparse,
      BufferAllocator allocator) {
    ParquetColumn column = request.column();
    if (column == null) {
      return new ConstantReader(request.type(), request.constant(), allocator);
    }
    ColumnChunk chunk = group.chunks().get(column.index());
    String what = "column " + column.name() + " of file " + file.metadata().path();
    if (chunk.encrypted()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, what + " is encrypted: no keys are configured");
    }
    throw new EngineException(
        ErrorCode.UNSUPPORTED, what + " cannot be read as " + request.type().sql());
  }
}
