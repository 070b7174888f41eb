package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.connectors.iceberg.schema.StoredValues;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableStatistics.ColumnStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.ContentFileUtil;
import org.jspecify.annotations.Nullable;

/** Adds up what manifests say of a snapshot's files; where rows are deleted, an estimate. */
final class SnapshotStatistics {
  private long rows;
  private long bytes;
  private final Map<Integer, Range> ranges = new HashMap<>();
  private final List<Types.NestedField> columns;

  private SnapshotStatistics(List<Types.NestedField> columns) {
    this.columns =
        columns.stream()
            .filter(c -> c.type().isPrimitiveType() && c.type().typeId() != Type.TypeID.UNKNOWN)
            .filter(c -> IcebergTypes.isReadable(c.type()))
            .toList();
    for (Types.NestedField column : this.columns) {
      ranges.put(column.fieldId(), new Range(column.type().asPrimitiveType()));
    }
  }

  static TableStatistics of(TableScan scan, List<Types.NestedField> columns) {
    SnapshotStatistics sum = new SnapshotStatistics(columns);
    try (CloseableIterable<FileScanTask> tasks = scan.includeColumnStats().planFiles()) {
      for (FileScanTask task : tasks) {
        sum.add(task.file());
        sum.rows -= deletedByPosition(task);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("manifests cannot be closed", e);
    }
    return sum.result();
  }

  /** Rows that are deleted by a delete file of their own; what others delete is not counted. */
  private static long deletedByPosition(FileScanTask task) {
    long deleted =
        task.deletes().stream()
            .filter(ContentFileUtil::isFileScoped)
            .mapToLong(DeleteFile::recordCount)
            .sum();
    return Math.min(deleted, task.file().recordCount());
  }

  private void add(DataFile file) {
    rows += file.recordCount();
    bytes += file.fileSizeInBytes();
    ranges.forEach((id, range) -> range.add(file, id));
  }

  private TableStatistics result() {
    Map<String, ColumnStatistics> byName = new HashMap<>();
    for (Types.NestedField column : columns) {
      Range range = ranges.get(column.fieldId());
      if (range != null) {
        byName.put(column.name(), range.result());
      }
    }
    return new TableStatistics(rows, bytes, byName);
  }

  private static final class Range {
    private final Type.PrimitiveType type;
    private final Comparator<Object> order;
    private boolean bounded;
    private @Nullable Object min;
    private @Nullable Object max;
    private long nulls;
    private long bytes;

    Range(Type.PrimitiveType type) {
      this.type = type;
      this.order = Comparators.forType(type);
      // of which Iceberg has two orders
      this.bounded = type.typeId() != Type.TypeID.UUID;
    }

    void add(DataFile file, int id) {
      Long size = get(file.columnSizes(), id);
      bytes = bytes < 0 || size == null ? -1 : bytes + size;
      Long values = get(file.valueCounts(), id);
      Long nullValues = get(file.nullValueCounts(), id);
      nulls = nulls < 0 || nullValues == null ? -1 : nulls + nullValues;
      boolean allNull = values != null && nullValues != null && values.equals(nullValues);
      if (!allNull && bounded) {
        Object low = bound(get(file.lowerBounds(), id));
        Object high = bound(get(file.upperBounds(), id));
        Long nans = get(file.nanValueCounts(), id);
        boolean floating =
            type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
        // NaN is the greatest value, but no bound
        bounded = low != null && high != null && (!floating || (nans != null && nans == 0));
        if (bounded) {
          min = min == null || order.compare(low, min) < 0 ? low : min;
          max = max == null || order.compare(high, max) > 0 ? high : max;
        }
      }
    }

    private @Nullable Object bound(@Nullable ByteBuffer value) {
      return value == null ? null : Conversions.fromByteBuffer(type, value);
    }

    private static <T> @Nullable T get(@Nullable Map<Integer, T> map, int id) {
      return map == null ? null : map.get(id);
    }

    ColumnStatistics result() {
      return new ColumnStatistics(
          bounded ? StoredValues.literal(type, min) : null,
          bounded ? StoredValues.literal(type, max) : null,
          nulls,
          -1,
          bytes);
    }
  }
}
