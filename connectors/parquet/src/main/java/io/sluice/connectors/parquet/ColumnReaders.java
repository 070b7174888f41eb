package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Chooses how a requested column is read. */
final class ColumnReaders {
  private ColumnReaders() {}

  static ColumnReader open(
      ParquetFile file, RowGroup group, ColumnRequest request, boolean sparse, PageMemory memory) {
    ParquetColumn column = request.column();
    if (column == null) {
      return new ConstantReader(request.type(), request.constant(), memory.allocator());
    }
    ColumnChunk chunk = group.chunks().get(column.index());
    String what = "column " + column.name() + " of file " + file.metadata().path();
    Conversion conversion = conversion(column, chunk, request, what);
    if (conversion.op() == Conversion.Op.ALL_NULL) {
      return new ConstantReader(request.type(), null, memory.allocator());
    }
    try {
      PageStream pages = new PageStream(file.input(), column, chunk, memory, sparse);
      PrimitiveTypeName physical = column.type().getPrimitiveTypeName();
      ValueDecoder values =
          switch (conversion.op()) {
            case BITS -> new BooleanDecoder(memory);
            case BINARY, FIXED_BINARY ->
                new BinaryDecoder(conversion, physical, group.rowCount(), memory);
            default -> new FixedDecoder(conversion, physical, memory);
          };
      return new PageColumnReader(what, pages, values);
    } catch (CorruptPage e) {
      throw new EngineException(ErrorCode.CORRUPT_FILE, what + " is corrupt: " + e.getMessage(), e);
    }
  }

  private static Conversion conversion(
      ParquetColumn column, ColumnChunk chunk, ColumnRequest request, String what) {
    if (chunk.encrypted()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, what + " is encrypted: no keys are configured");
    }
    if (!column.isFlat()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, what + " is nested: nested columns cannot be read yet");
    }
    if (!Decompressor.supports(chunk.codec())) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          what
              + " is compressed with "
              + chunk.codec()
              + "; what can be read is ZSTD, SNAPPY, GZIP, LZ4_RAW, LZ4 and UNCOMPRESSED");
    }
    PrimitiveType type = column.type();
    Conversion conversion = Conversion.of(type, request.type());
    if (conversion == null) {
      String annotation =
          type.getLogicalTypeAnnotation() == null
              ? ""
              : " (" + type.getLogicalTypeAnnotation() + ")";
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          what
              + " is "
              + type.getPrimitiveTypeName()
              + annotation
              + " and cannot be read as "
              + request.type().sql());
    }
    return conversion;
  }
}
