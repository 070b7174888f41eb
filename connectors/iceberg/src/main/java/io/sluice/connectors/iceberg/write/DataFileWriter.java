package io.sluice.connectors.iceberg.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** One Parquet data file in the making. */
final class DataFileWriter {
  // Row groups are what workers share out, so they are smaller than Parquet's usual 128 MB.
  private static final int ROW_GROUP_ROWS = 1 << 18;
  private static final long ROW_GROUP_BYTES = 64L << 20;
  private static final int ROW_GROUPS_PER_FILE = 4;
  private static final int SIZE_CHECK_ROWS = 1 << 10;
  private static final int PAGE_BYTES = 1 << 20;
  private static final int PAGE_ROWS = 20_000;
  private static final int DICTIONARY_BYTES = 2 << 20;
  private static final int INDEX_TRUNCATE_BYTES = 64;

  private final OutputFile file;
  private final PartitionSpec spec;
  private final @Nullable StructLike partition;
  private final Schema schema;
  private final MetricsConfig metricsConfig;
  private final List<Types.NestedField> stored = new ArrayList<>();
  private final int[] positions;
  private final @Nullable FloatRange[] floats;
  private final MessageType message;
  private final PageCompressor compressor;
  private final ParquetProperties properties;
  private final ParquetFileWriter out;
  private @Nullable RowGroupBuffer group;
  private final long targetBytes;
  private final long rowGroupBytes;
  private long flushedBytes;

  private record RowGroupBuffer(
      ColumnChunkPageWriteStore pages, ColumnWriteStore columns, List<ValueSink> sinks) {}

  private int groupRows;
  private boolean closed;

  /**
   * @param schema of the file: the table's, and what else is written of each row
   * @param targetBytes from which on the file is full
   */
  DataFileWriter(
      Table table,
      Schema schema,
      OutputFile file,
      PartitionSpec spec,
      @Nullable StructLike partition,
      long targetBytes) {
    this.targetBytes = targetBytes;
    this.rowGroupBytes = Math.min(ROW_GROUP_BYTES, targetBytes / ROW_GROUPS_PER_FILE);
    this.file = file;
    this.spec = spec;
    this.partition = partition;
    this.schema = schema;
    this.metricsConfig = MetricsConfig.forTable(table);
    List<Types.NestedField> columns = schema.columns();
    for (Types.NestedField column : columns) {
      // a column without a type holds NULLs only, which are not stored
      if (column.type().typeId() != Type.TypeID.UNKNOWN) {
        stored.add(column);
      }
    }
    this.positions = stored.stream().mapToInt(columns::indexOf).toArray();
    this.floats = new FloatRange[stored.size()];
    for (int i = 0; i < floats.length; i++) {
      Type.TypeID id = stored.get(i).type().typeId();
      if (id == Type.TypeID.FLOAT || id == Type.TypeID.DOUBLE) {
        floats[i] = new FloatRange(stored.get(i).fieldId(), id == Type.TypeID.FLOAT);
      }
    }
    this.message = ParquetSchemaUtil.convert(schema, "table");
    this.properties =
        ParquetProperties.builder()
            .withPageSize(PAGE_BYTES)
            .withPageRowCountLimit(PAGE_ROWS)
            .withDictionaryEncoding(true)
            .withDictionaryPageSize(DICTIONARY_BYTES)
            .build();
    this.compressor = PageCompressor.of(table.properties());
    try {
      this.out =
          new ParquetFileWriter(
              new ParquetOutput(file),
              message,
              ParquetFileWriter.Mode.CREATE,
              ROW_GROUP_BYTES,
              0,
              INDEX_TRUNCATE_BYTES,
              Integer.MAX_VALUE,
              true);
      out.start();
    } catch (IOException e) {
      compressor.release();
      throw new UncheckedIOException("file " + file.location() + " cannot be written", e);
    } catch (RuntimeException | Error failure) {
      compressor.release();
      throw failure;
    }
  }

  String location() {
    return file.location();
  }

  /** Whether the file has its target size, by the bytes that are written. */
  boolean isFull() {
    return flushedBytes >= targetBytes;
  }

  /** Writes a row whose NULLs have been checked. */
  void write(RowCells row) {
    RowGroupBuffer buffer = group;
    if (buffer == null) {
      buffer = startRowGroup();
      group = buffer;
    }
    List<ValueSink> sinks = buffer.sinks();
    for (int i = 0; i < positions.length; i++) {
      int position = row.position(positions[i]);
      FieldVector values = row.values(positions[i]);
      FloatRange range = floats[i];
      if (range != null) {
        range.add(values, position);
      }
      if (position < 0) {
        sinks.get(i).writeNull(0, 0);
      } else {
        sinks.get(i).write(values, position, 0);
      }
    }
    buffer.columns().endRecord();
    groupRows++;
    if (groupRows % SIZE_CHECK_ROWS == 0) {
      if (groupRows >= ROW_GROUP_ROWS || buffer.columns().getBufferedSize() >= rowGroupBytes) {
        flushRowGroup(buffer);
      }
    }
  }

  private RowGroupBuffer startRowGroup() {
    ColumnChunkPageWriteStore pages =
        new ColumnChunkPageWriteStore(
            compressor, message, properties.getAllocator(), INDEX_TRUNCATE_BYTES, true);
    ColumnWriteStore columns = properties.newColumnWriteStore(message, pages, pages);
    return new RowGroupBuffer(pages, columns, RowSinks.of(stored, message, columns));
  }

  private void flushRowGroup(RowGroupBuffer buffer) {
    try {
      out.startBlock(groupRows);
      buffer.columns().flush();
      buffer.pages().flushToFileWriter(out);
      out.endBlock();
      flushedBytes = out.getPos();
    } catch (IOException e) {
      throw new UncheckedIOException("file " + file.location() + " cannot be written", e);
    } finally {
      group = null;
      groupRows = 0;
      buffer.columns().close();
      buffer.pages().close();
    }
  }

  /** Completes the file. */
  DataFile finish() {
    try {
      if (group != null) {
        flushRowGroup(group);
      }
      out.end(Map.of("iceberg.schema", SchemaParser.toJson(schema)));
    } catch (IOException e) {
      throw new UncheckedIOException("file " + file.location() + " cannot be written", e);
    }
    closed = true;
    compressor.release();
    List<org.apache.iceberg.FieldMetrics<?>> ranges = new ArrayList<>();
    for (FloatRange range : floats) {
      if (range != null) {
        ranges.add(range.metrics());
      }
    }
    Metrics metrics = ParquetUtil.footerMetrics(out.getFooter(), ranges.stream(), metricsConfig);
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(file.location())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(file.toInputFile().getLength())
            .withMetrics(metrics)
            .withSplitOffsets(ParquetUtil.getSplitOffsets(out.getFooter()));
    if (partition != null) {
      builder.withPartition(partition);
    }
    return builder.build();
  }

  /** Gives the file up; what was written stays to be deleted. */
  void abort() {
    if (closed) {
      return;
    }
    closed = true;
    compressor.release();
    // an open row group is on the heap; closing it would compress and write its pages
    group = null;
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("file " + file.location() + " cannot be closed", e);
    }
  }
}
