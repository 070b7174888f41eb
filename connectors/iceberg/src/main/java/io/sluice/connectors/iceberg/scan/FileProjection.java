package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.deletes.FileDeletes;
import io.sluice.connectors.iceberg.deletes.LiveRows;
import io.sluice.connectors.iceberg.schema.StoredValues;
import io.sluice.connectors.parquet.ColumnRequest;
import io.sluice.connectors.parquet.NestedColumns;
import io.sluice.connectors.parquet.ParquetColumn;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PartitionUtil;
import org.jspecify.annotations.Nullable;

/** Finds a scan's columns in one file: by field id, never by place. */
final class FileProjection {
  private final ScanColumns scan;
  private final FileScanTask task;
  private final ParquetMetadata footer;
  private final boolean byMapping;
  private final List<ColumnRequest> requests = new ArrayList<>();
  private final List<ColumnRequest> extra = new ArrayList<>();
  private final List<ColumnShape> shapes = new ArrayList<>();
  private final Map<Integer, Integer> extraPlaces = new HashMap<>();

  /** How the rows of a file are read that deletes leave. */
  record Live(Projected projection, FileDeletes deletes, LiveRows.Shape shape) {
    /**
     * Those of a row group.
     *
     * @param columns read as the projection says
     * @param firstRow of the row group
     */
    SplitReader of(SplitReader columns, long firstRow, BufferAllocator allocator) {
      SplitReader all =
          projection.isPlain()
              ? columns
              : new ShapedReader(columns, projection.from(firstRow), null, allocator);
      return new LiveRows(all, firstRow, deletes, shape, allocator);
    }
  }

  /**
   * @throws EngineException UNSUPPORTED where a column cannot be read
   */
  static Live live(
      ScanColumns scan, FileScanTask task, ParquetMetadata footer, FileDeletes deletes) {
    ScanColumns all = scan.with(deletes.keyColumns());
    return new Live(
        of(all, task, footer),
        deletes,
        new LiveRows.Shape(scan.columns().size(), all.places(deletes.keyColumns())));
  }

  /** Row numbers and their like count from the row group's first row, which is still 0 here. */
  record Projected(List<ColumnRequest> requests, List<ColumnShape> shapes) {
    Projected {
      requests = List.copyOf(requests);
      shapes = List.copyOf(shapes);
    }

    boolean isPlain() {
      return shapes.stream().allMatch(ColumnShape.Read.class::isInstance);
    }

    List<ColumnShape> from(long firstRow) {
      return shapes.stream()
          .map(
              shape ->
                  shape instanceof ColumnShape.RowNumber number
                      ? new ColumnShape.RowNumber(number.base() + firstRow, number.stored())
                      : shape)
          .toList();
    }
  }

  private FileProjection(ScanColumns scan, FileScanTask task, ParquetMetadata footer) {
    this.scan = scan;
    this.task = task;
    this.footer = footer;
    this.byMapping = footer.columns().stream().allMatch(column -> column.fieldId() < 0);
  }

  /**
   * @throws EngineException UNSUPPORTED where a column cannot be read
   */
  static Projected of(ScanColumns scan, FileScanTask task, ParquetMetadata footer) {
    FileProjection projection = new FileProjection(scan, task, footer);
    for (ScanColumns.ScanColumn column : scan.columns()) {
      switch (column) {
        case ScanColumns.Stored stored -> projection.stored(stored);
        case ScanColumns.Hidden hidden -> projection.hidden(hidden.column());
      }
    }
    List<ColumnRequest> all = new ArrayList<>(projection.requests);
    all.addAll(projection.extra);
    return new Projected(all, projection.shapes);
  }

  private void stored(ScanColumns.Stored column) {
    SqlType type = column.type();
    SqlType physical =
        switch (type.kind()) {
          case TINYINT, SMALLINT, INTERVAL_MONTHS -> SqlType.INTEGER;
          case INTERVAL_MICROS -> SqlType.BIGINT;
          default -> type;
        };
    requests.add(request(column.field(), physical));
    shapes.add(
        type.equals(physical)
            ? new ColumnShape.Read()
            : new ColumnShape.Retyped(type, column.field().name()));
  }

  private ColumnRequest request(Types.NestedField field, SqlType type) {
    if (field.type().typeId() == Type.TypeID.UNKNOWN) {
      return ColumnRequest.constant(type, null);
    }
    if (!NestedFields.isReadable(field.type())) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "column "
              + field.name()
              + " of table "
              + scan.tableName()
              + " is of type "
              + field.type()
              + ", which cannot be read yet; leave it out of the query");
    }
    if (type.isNested()) {
      org.apache.parquet.schema.Type stored = findNested(field);
      if (stored != null) {
        MappedField mapped = byMapping ? mapping().find(field.fieldId()) : null;
        return NestedColumns.request(footer, stored, NestedFields.wanted(field, type, mapped));
      }
    } else {
      ParquetColumn column = find(field);
      if (column != null) {
        return ColumnRequest.of(column, type);
      }
    }
    return ColumnRequest.constant(type, absent(field));
  }

  private org.apache.parquet.schema.@Nullable Type findNested(Types.NestedField field) {
    MappedField mapped = byMapping ? mapping().find(field.fieldId()) : null;
    for (org.apache.parquet.schema.Type column : footer.schema().getFields()) {
      boolean found =
          byMapping
              ? mapped != null && mapped.names().contains(column.getName())
              : column.getId() != null && column.getId().intValue() == field.fieldId();
      if (found) {
        return column;
      }
    }
    return null;
  }

  private @Nullable ParquetColumn find(Types.NestedField field) {
    if (!byMapping) {
      return footer.column(field.fieldId()).orElse(null);
    }
    MappedField mapped = mapping().find(field.fieldId());
    if (mapped != null) {
      for (String name : mapped.names()) {
        ParquetColumn column = footer.column(name).orElse(null);
        if (column != null) {
          return column;
        }
      }
    }
    return null;
  }

  private NameMapping mapping() {
    NameMapping mapping = scan.nameMapping();
    if (mapping == null) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "file "
              + footer.path()
              + " has no field ids, and table "
              + scan.tableName()
              + " has no name mapping (schema.name-mapping.default) to find its columns by");
    }
    return mapping;
  }

  /** The value of every row of a file that lacks a column. */
  private @Nullable Object absent(Types.NestedField field) {
    Map<Integer, ?> constants = PartitionUtil.constantsMap(task);
    if (constants.containsKey(field.fieldId())) {
      return StoredValues.literal(field.type(), constants.get(field.fieldId()));
    }
    if (field.initialDefault() != null) {
      return StoredValues.literal(field.type(), field.initialDefault());
    }
    if (field.isRequired()) {
      throw new EngineException(
          ErrorCode.CORRUPT_FILE,
          "file " + footer.path() + " lacks column " + field.name() + ", which is NOT NULL");
    }
    return null;
  }

  private void hidden(HiddenColumn column) {
    DataFile file = task.file();
    switch (column) {
      case FILE -> constant(column.type(), file.location());
      case POS -> computed(new ColumnShape.RowNumber(0, -1));
      case ROW_ID -> {
        requireVersion(column, 3);
        int stored = extra(MetadataColumns.ROW_ID.fieldId());
        Long first = file.firstRowId();
        if (first != null) {
          computed(new ColumnShape.RowNumber(first, stored));
        } else if (stored >= 0) {
          requests.add(extra.get(stored - scan.columns().size()));
          shapes.add(new ColumnShape.Read());
        } else {
          constant(column.type(), null);
        }
      }
      case LAST_UPDATED_SEQUENCE_NUMBER -> byCommit(column, sequence -> sequence);
      case SNAPSHOT_ID -> byCommit(column, scan.commits()::snapshotId);
      case COMMITTED_AT -> byCommit(column, scan.commits()::committedAt);
      case ROW_ADDRESS -> {
        Integer number = scan.fileNumbers().get(file.location());
        if (number == null) {
          throw new AssertionError(file.location());
        }
        computed(new ColumnShape.RowNumber(RowAddress.of(number, 0), -1));
      }
    }
  }

  private void byCommit(HiddenColumn column, LongFunction<@Nullable Long> value) {
    requireVersion(column, 2);
    Long sequence = task.file().dataSequenceNumber();
    long own = sequence == null ? 0 : sequence;
    int stored = extra(MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER.fieldId());
    if (stored < 0) {
      constant(column.type(), value.apply(own));
    } else {
      computed(new ColumnShape.ByCommit(column.type(), own, stored, value));
    }
  }

  private void requireVersion(HiddenColumn column, int version) {
    if (scan.formatVersion() < version) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "table "
              + scan.tableName()
              + " has format-version "
              + scan.formatVersion()
              + ", which does not record "
              + column.columnName()
              + "; it needs "
              + version);
    }
  }

  private void constant(SqlType type, @Nullable Object value) {
    requests.add(ColumnRequest.constant(type, value));
    shapes.add(new ColumnShape.Read());
  }

  private void computed(ColumnShape shape) {
    // of no type that a filter on the column could have, so that none is applied to it
    requests.add(ColumnRequest.constant(SqlType.NULL, null));
    shapes.add(shape);
  }

  /** Place of a column that is read beside the requested ones, or -1 where the file lacks it. */
  private int extra(int fieldId) {
    ParquetColumn column = footer.column(fieldId).orElse(null);
    if (column == null) {
      return -1;
    }
    return extraPlaces.computeIfAbsent(
        fieldId,
        id -> {
          extra.add(ColumnRequest.of(column, SqlType.BIGINT));
          return scan.columns().size() + extra.size() - 1;
        });
  }
}
