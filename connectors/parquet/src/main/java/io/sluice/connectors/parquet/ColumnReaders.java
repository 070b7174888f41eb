package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Chooses how a requested column is read. */
final class ColumnReaders {
  private ColumnReaders() {}

  static ColumnReader open(
      ParquetFile file, RowGroup group, ColumnRequest request, boolean sparse, PageMemory memory) {
    NestedSource nested = request.nested();
    if (nested != null) {
      return nested(file, group, nested, memory);
    }
    ParquetColumn column = request.column();
    if (column == null) {
      return new ConstantReader(request.type(), request.constant(), memory.allocator());
    }
    ColumnChunk chunk = group.chunks().get(column.index());
    String what = what(file, column.name());
    if (!column.isFlat()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, what + " is nested and cannot be read as " + request.type().sql());
    }
    Conversion conversion = conversion(column, chunk, request.type(), what);
    if (conversion.op() == Conversion.Op.ALL_NULL) {
      return new ConstantReader(request.type(), null, memory.allocator());
    }
    try {
      PageStream pages = new PageStream(file.input(), column, chunk, memory, sparse);
      ValueDecoder values = decoder(column, conversion, group.rowCount(), memory);
      return new PageColumnReader(what, pages, values);
    } catch (CorruptPage e) {
      throw new EngineException(ErrorCode.CORRUPT_FILE, what + " is corrupt: " + e.getMessage(), e);
    }
  }

  private static String what(ParquetFile file, String column) {
    return "column " + column + " of file " + file.metadata().path();
  }

  /**
   * @param dictionaryRows a dictionary of at most half as many entries is kept as one
   */
  private static ValueDecoder decoder(
      ParquetColumn column, Conversion conversion, long dictionaryRows, PageMemory memory) {
    PrimitiveTypeName physical = column.type().getPrimitiveTypeName();
    return switch (conversion.op()) {
      case BITS -> new BooleanDecoder(memory);
      case BINARY, FIXED_BINARY -> new BinaryDecoder(conversion, physical, dictionaryRows, memory);
      default -> new FixedDecoder(conversion, physical, memory);
    };
  }

  private static ColumnReader nested(
      ParquetFile file, RowGroup group, NestedSource source, PageMemory memory) {
    Map<Integer, NestedLeaf> leaves = new LinkedHashMap<>();
    ColumnReader reader =
        new NestedColumnReader(
            what(file, source.columns().getFirst().path().getFirst()),
            source,
            leaves,
            memory.allocator());
    try {
      for (NestedSource.Leaf leaf : source.leaves()) {
        leaves.put(leaf.column().index(), leaf(file, group, leaf, memory));
      }
      for (ParquetColumn shape : source.columns()) {
        if (!leaves.containsKey(shape.index())) {
          ColumnChunk chunk = group.chunks().get(shape.index());
          checkReadable(chunk, what(file, shape.name()));
          PageStream pages = new PageStream(file.input(), shape, chunk, memory, false);
          leaves.put(shape.index(), new NestedLeaf(shape, pages, null, SqlType.NULL, 0, memory));
        }
      }
      return reader;
    } catch (RuntimeException | Error failure) {
      reader.close();
      throw failure;
    }
  }

  private static NestedLeaf leaf(
      ParquetFile file, RowGroup group, NestedSource.Leaf leaf, PageMemory memory) {
    ParquetColumn column = leaf.column();
    ColumnChunk chunk = group.chunks().get(column.index());
    SqlType decoded = decoded(column.type(), leaf.type());
    Conversion conversion = conversion(column, chunk, decoded, what(file, column.name()));
    PageStream pages = new PageStream(file.input(), column, chunk, memory, false);
    ValueDecoder values =
        conversion.op() == Conversion.Op.ALL_NULL ? null : decoder(column, conversion, 0, memory);
    return new NestedLeaf(column, pages, values, decoded, leaf.levels().slot(), memory);
  }

  /** The type that a leaf is decoded as: Iceberg has no small integers and no intervals. */
  private static SqlType decoded(PrimitiveType stored, SqlType wanted) {
    return switch (wanted.kind()) {
      case TINYINT, SMALLINT -> Conversion.of(stored, wanted) == null ? SqlType.INTEGER : wanted;
      case INTERVAL_MONTHS -> SqlType.INTEGER;
      case INTERVAL_MICROS -> SqlType.BIGINT;
      default -> wanted;
    };
  }

  private static void checkReadable(ColumnChunk chunk, String what) {
    if (chunk.encrypted()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, what + " is encrypted: no keys are configured");
    }
    if (!Decompressor.supports(chunk.codec())) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          what
              + " is compressed with "
              + chunk.codec()
              + "; what can be read is ZSTD, SNAPPY, GZIP, LZ4_RAW, LZ4 and UNCOMPRESSED");
    }
  }

  private static Conversion conversion(
      ParquetColumn column, ColumnChunk chunk, SqlType wanted, String what) {
    checkReadable(chunk, what);
    PrimitiveType type = column.type();
    Conversion conversion = Conversion.of(type, wanted);
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
              + wanted.sql());
    }
    return conversion;
  }
}
