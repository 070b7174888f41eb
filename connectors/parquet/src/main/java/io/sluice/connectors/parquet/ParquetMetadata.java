package io.sluice.connectors.parquet;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * What a file's footer says. Immutable and free of open resources, so that it can be cached under
 * the file's path and length.
 *
 * @param path of the file
 * @param length bytes of the file
 * @param columns the schema's leaves in order
 * @param properties the writer's key-value pairs, such as {@code iceberg.schema}
 */
public record ParquetMetadata(
    String path,
    long length,
    String createdBy,
    MessageType schema,
    List<ParquetColumn> columns,
    List<RowGroup> rowGroups,
    Map<String, String> properties) {
  public ParquetMetadata {
    columns = List.copyOf(columns);
    rowGroups = List.copyOf(rowGroups);
    properties = Map.copyOf(properties);
  }

  public long rowCount() {
    return rowGroups.stream().mapToLong(RowGroup::rowCount).sum();
  }

  /** The top-level leaf of that exact name. */
  public Optional<ParquetColumn> column(String name) {
    return columns.stream()
        .filter(c -> c.path().size() == 1 && c.path().getFirst().equals(name))
        .findFirst();
  }

  /** The leaf with that field id. */
  public Optional<ParquetColumn> column(int fieldId) {
    return fieldId < 0
        ? Optional.empty()
        : columns.stream().filter(c -> c.fieldId() == fieldId).findFirst();
  }

  /**
   * A horizontal slice of the file.
   *
   * @param firstRow number within the file of its first row
   * @param chunks one per leaf, in the order of the leaves
   */
  public record RowGroup(long firstRow, long rowCount, List<ColumnChunk> chunks) {
    public RowGroup {
      chunks = List.copyOf(chunks);
    }

    /** Compressed bytes of these columns. */
    public long bytes(List<ColumnRequest> columns) {
      long bytes = 0;
      for (ColumnRequest request : columns) {
        for (ParquetColumn column : request.columns()) {
          bytes += chunks.get(column.index()).compressedBytes();
        }
      }
      return bytes;
    }
  }

  /**
   * One leaf's pages within a row group.
   *
   * @param offset of the first page, the dictionary's where there is one
   * @param dataOffset of the first data page
   * @param compressedBytes of all pages with their headers
   * @param valueCount with NULLs
   * @param statistics null where there are none that can be trusted
   * @param offsetIndex where the places of the pages are written down, or null
   * @param columnIndex where the bounds of the pages are written down, or null
   * @param allDictionary whether every value is known to be in the dictionary
   * @param encrypted whether a key would be needed; then all else but the codec is unknown
   */
  public record ColumnChunk(
      CompressionCodecName codec,
      long offset,
      long dataOffset,
      long compressedBytes,
      long uncompressedBytes,
      long valueCount,
      @Nullable Statistics<?> statistics,
      ParquetInput.@Nullable Range offsetIndex,
      ParquetInput.@Nullable Range columnIndex,
      boolean allDictionary,
      boolean encrypted) {}
}
