package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.EncodingStats;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Parses and checks the end of a file. */
final class FooterReader {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = 8;
  // One read gets the whole footer of most files.
  private static final int FIRST_READ = 64 << 10;

  private FooterReader() {}

  static ParquetMetadata read(ParquetInput input, BufferAllocator allocator) {
    byte[] footer = footerBytes(input, allocator);
    org.apache.parquet.hadoop.metadata.ParquetMetadata parsed;
    try {
      parsed =
          new ParquetMetadataConverter()
              .readParquetMetadata(
                  new ByteArrayInputStream(footer), ParquetMetadataConverter.NO_FILTER);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw corrupt(input, "its footer cannot be parsed: " + e.getMessage(), e);
    }
    try {
      return convert(input, parsed, input.length() - TAIL - footer.length);
    } catch (EngineException e) {
      throw e;
    } catch (RuntimeException e) {
      throw corrupt(input, "its footer makes no sense: " + e.getMessage(), e);
    }
  }

  private static byte[] footerBytes(ParquetInput input, BufferAllocator allocator) {
    long length = input.length();
    if (length < MAGIC.length + TAIL) {
      throw corrupt(input, "a file of " + length + " bytes is too short", null);
    }
    int first = (int) Math.min(length, FIRST_READ);
    byte[] tail = read(input, length - first, first, allocator);
    byte[] magic = Arrays.copyOfRange(tail, first - MAGIC.length, first);
    if (Arrays.equals(magic, ENCRYPTED)) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, "file " + input.path() + " is encrypted: no keys are configured");
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw corrupt(input, "it does not end with the magic number PAR1", null);
    }
    long size =
        (tail[first - 8] & 0xFFL)
            | (tail[first - 7] & 0xFFL) << 8
            | (tail[first - 6] & 0xFFL) << 16
            | (tail[first - 5] & 0xFFL) << 24;
    if (size > length - TAIL - MAGIC.length || size > Integer.MAX_VALUE - 8) {
      throw corrupt(
          input, "its footer of " + size + " bytes does not fit a file of " + length, null);
    }
    int end = first - TAIL;
    if (size <= end) {
      return Arrays.copyOfRange(tail, end - (int) size, end);
    }
    return read(input, length - TAIL - size, (int) size, allocator);
  }

  private static byte[] read(
      ParquetInput input, long offset, int length, BufferAllocator allocator) {
    byte[] bytes = new byte[length];
    try (ArrowBuf buffer = allocator.buffer(Math.max(1, length))) {
      input.readFully(offset, length, buffer, 0);
      buffer.getBytes(0, bytes);
    }
    return bytes;
  }

  private static ParquetMetadata convert(
      ParquetInput input, org.apache.parquet.hadoop.metadata.ParquetMetadata parsed, long dataEnd) {
    FileMetaData file = parsed.getFileMetaData();
    MessageType schema = file.getSchema();
    List<ParquetColumn> columns = new ArrayList<>();
    for (ColumnDescriptor leaf : schema.getColumns()) {
      org.apache.parquet.schema.Type.ID id = leaf.getPrimitiveType().getId();
      columns.add(
          new ParquetColumn(
              columns.size(),
              Arrays.asList(leaf.getPath()),
              id == null ? -1 : id.intValue(),
              leaf.getPrimitiveType(),
              leaf.getMaxDefinitionLevel(),
              leaf.getMaxRepetitionLevel()));
    }
    List<RowGroup> groups = new ArrayList<>();
    long firstRow = 0;
    for (BlockMetaData block : parsed.getBlocks()) {
      long rows = block.getRowCount();
      if (rows < 0 || rows > Long.MAX_VALUE - firstRow) {
        throw corrupt(input, "row group " + groups.size() + " has " + rows + " rows", null);
      }
      groups.add(
          new RowGroup(firstRow, rows, chunks(input, block, columns, groups.size(), dataEnd)));
      firstRow += rows;
    }
    Map<String, String> properties = new java.util.HashMap<>();
    file.getKeyValueMetaData()
        .forEach((key, value) -> properties.put(key, value == null ? "" : value));
    String createdBy = file.getCreatedBy();
    return new ParquetMetadata(
        input.path(),
        input.length(),
        createdBy == null ? "" : createdBy,
        schema,
        columns,
        groups,
        properties);
  }

  private static List<ColumnChunk> chunks(
      ParquetInput input,
      BlockMetaData block,
      List<ParquetColumn> columns,
      int group,
      long dataEnd) {
    List<ColumnChunkMetaData> parsed = block.getColumns();
    if (parsed.size() != columns.size()) {
      throw corrupt(
          input,
          "row group " + group + " has " + parsed.size() + " columns, the schema " + columns.size(),
          null);
    }
    List<ColumnChunk> chunks = new ArrayList<>(parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      ColumnChunkMetaData chunk = parsed.get(i);
      if (chunk.isEncrypted()) {
        chunks.add(
            new ColumnChunk(
                org.apache.parquet.hadoop.metadata.CompressionCodecName.UNCOMPRESSED,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                null,
                false,
                true));
        continue;
      }
      ParquetColumn column = columns.get(i);
      if (!Arrays.asList(chunk.getPath().toArray()).equals(column.path())) {
        throw corrupt(
            input,
            "column chunk "
                + i
                + " of row group "
                + group
                + " is of column "
                + chunk.getPath()
                + ", the schema says "
                + column.name(),
            null);
      }
      chunks.add(chunk(input, chunk, column, block, group, dataEnd));
    }
    return chunks;
  }

  private static ColumnChunk chunk(
      ParquetInput input,
      ColumnChunkMetaData chunk,
      ParquetColumn column,
      BlockMetaData block,
      int group,
      long dataEnd) {
    long data = chunk.getFirstDataPageOffset();
    long dictionary = chunk.getDictionaryPageOffset();
    // Some old writers leave 0 or a place behind the data for "no dictionary".
    long offset = dictionary > 0 && dictionary < data ? dictionary : data;
    long size = chunk.getTotalSize();
    String where = "column " + column.name() + " in row group " + group;
    if (offset < 0 || size < 0 || offset > dataEnd || size > dataEnd - offset) {
      throw corrupt(
          input, where + " is said to lie at byte " + offset + " with " + size + " bytes", null);
    }
    if (data - offset > size) {
      throw corrupt(input, where + " has its first data page at byte " + data, null);
    }
    if (column.maxRepetitionLevel() == 0 && chunk.getValueCount() != block.getRowCount()) {
      throw corrupt(
          input,
          where + " has " + chunk.getValueCount() + " values for " + block.getRowCount() + " rows",
          null);
    }
    Statistics<?> statistics = chunk.getStatistics();
    return new ColumnChunk(
        chunk.getCodec(),
        offset,
        data,
        size,
        Math.max(0, chunk.getTotalUncompressedSize()),
        chunk.getValueCount(),
        statistics == null || statistics.isEmpty() ? null : statistics,
        range(chunk.getOffsetIndexReference(), dataEnd),
        range(chunk.getColumnIndexReference(), dataEnd),
        dictionary > 0 && isAllDictionary(chunk.getEncodingStats()),
        false);
  }

  private static boolean isAllDictionary(@Nullable EncodingStats encodings) {
    return encodings != null
        && encodings.hasDictionaryEncodedPages()
        && !encodings.hasNonDictionaryEncodedPages();
  }

  private static ParquetInput.@Nullable Range range(@Nullable IndexReference index, long end) {
    if (index == null
        || index.getOffset() <= 0
        || index.getLength() <= 0
        || index.getOffset() > end - index.getLength()) {
      return null;
    }
    return new ParquetInput.Range(index.getOffset(), index.getLength());
  }

  private static EngineException corrupt(
      ParquetInput input, String what, @Nullable Throwable cause) {
    return new EngineException(
        ErrorCode.CORRUPT_FILE, "file " + input.path() + " is corrupt: " + what, cause);
  }
}
