package io.sluice.connectors.iceberg.write;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PropertyUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches as new data files of a table: one file at a time for each partition, a next one
 * where the target size is reached. Nothing refers to the files until they are committed.
 */
final class TableFiles {
  // Each open file holds a row group in memory.
  private static final int MAX_OPEN = 32;

  private final Table table;
  private final Schema schema;
  private final PartitionSpec spec;
  private final OutputFileFactory names;
  private final long targetBytes;
  private final List<Types.NestedField> columns;
  private final @Nullable PartitionKey key;
  private final PartitionRow partitionRow;
  private final RowCells row;
  private final Map<Object, DataFileWriter> open = new LinkedHashMap<>(16, 0.75f, true);
  private final List<DataFile> complete = new ArrayList<>();
  private final List<String> locations = new ArrayList<>();
  private @Nullable Partition given;
  private long rows;

  /** Of which rows are that are not looked at for it. */
  private record Partition(PartitionSpec spec, StructLike values) {}

  /** Of rows in the table's columns. */
  TableFiles(Table table) {
    this(table, table.schema(), targetBytes(table));
  }

  /**
   * Of rows that bring more than the table's columns.
   *
   * @param schema the table's, then further columns
   * @param targetBytes of a file
   */
  TableFiles(Table table, Schema schema, long targetBytes) {
    this.table = table;
    this.schema = schema;
    this.targetBytes = targetBytes;
    this.spec = table.spec();
    this.columns = schema.columns();
    this.names =
        OutputFileFactory.builderFor(table, 0, 0)
            .format(FileFormat.PARQUET)
            .operationId(UUID.randomUUID().toString())
            .build();
    this.key = spec.isUnpartitioned() ? null : new PartitionKey(spec, schema);
    this.partitionRow = new PartitionRow(columns);
    this.row = new RowCells(columns.size());
  }

  /** How large the table's properties want files to be. */
  static long targetBytes(Table table) {
    return PropertyUtil.propertyAsLong(
        table.properties(),
        TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
        TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT);
  }

  long rows() {
    return rows;
  }

  /** Writes the batch's selected rows; the batch stays the caller's. */
  void write(Batch batch) {
    ColumnCells[] cells = new ColumnCells[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = ColumnCells.of(batch.column(i));
    }
    Selection selection = batch.selection();
    int count = batch.rowCount();
    checkNulls(cells, selection, count);
    for (int i = 0; i < count; i++) {
      append(row.at(cells, selection == null ? i : selection.get(i)));
    }
  }

  /** Writes a row whose NULLs have been checked. */
  void write(RowCells checked) {
    append(checked);
  }

  private void append(RowCells cells) {
    DataFileWriter writer = writer(cells);
    writer.write(cells);
    rows++;
    if (writer.isFull()) {
      finish(writer);
    }
  }

  private void checkNulls(ColumnCells[] cells, @Nullable Selection selection, int count) {
    for (int c = 0; c < cells.length; c++) {
      if (columns.get(c).isOptional()) {
        continue;
      }
      for (int i = 0; i < count; i++) {
        if (cells[c].position(selection == null ? i : selection.get(i)) < 0) {
          throw new EngineException(
              ErrorCode.NOT_NULL_VIOLATION,
              "column "
                  + columns.get(c).name()
                  + " of table "
                  + table.name()
                  + " is NOT NULL, but row "
                  + (rows + i + 1)
                  + " has NULL there");
        }
      }
    }
  }

  /** Rows from here on are of one partition, under any of the table's partitionings. */
  void startPartition(PartitionSpec partitioning, StructLike values) {
    finishOpen();
    given = new Partition(partitioning, values);
  }

  private DataFileWriter writer(RowCells cells) {
    Partition one = given;
    if (one != null) {
      DataFileWriter only = open.get(one);
      return only == null ? start(one, one.spec(), one.values()) : only;
    }
    PartitionKey partition = key;
    if (partition == null) {
      DataFileWriter only = open.get(spec);
      return only == null ? start(spec, spec, null) : only;
    }
    partition.partition(partitionRow.at(cells));
    DataFileWriter started = open.get(partition);
    if (started != null) {
      return started;
    }
    if (open.size() >= MAX_OPEN) {
      finish(open.values().iterator().next());
    }
    PartitionKey own = partition.copy();
    return start(own, spec, own);
  }

  private DataFileWriter start(
      Object under, PartitionSpec partitioning, @Nullable StructLike partition) {
    OutputFile file =
        (partition == null || partitioning.isUnpartitioned()
                ? names.newOutputFile()
                : names.newOutputFile(partitioning, partition))
            .encryptingOutputFile();
    locations.add(file.location());
    DataFileWriter writer =
        new DataFileWriter(table, schema, file, partitioning, partition, targetBytes);
    open.put(under, writer);
    return writer;
  }

  private void finish(DataFileWriter writer) {
    complete.add(writer.finish());
    open.values().remove(writer);
  }

  /** Completes all files. */
  List<DataFile> finish() {
    finishOpen();
    return List.copyOf(complete);
  }

  private void finishOpen() {
    for (DataFileWriter writer : List.copyOf(open.values())) {
      finish(writer);
    }
  }

  /** Closes and deletes all files. */
  void abort() {
    RuntimeException failure = null;
    for (DataFileWriter writer : List.copyOf(open.values())) {
      try {
        writer.abort();
      } catch (RuntimeException e) {
        failure = keep(failure, e);
      }
    }
    open.clear();
    for (String location : locations) {
      try {
        table.io().deleteFile(location);
      } catch (RuntimeException e) {
        failure = keep(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static RuntimeException keep(@Nullable RuntimeException first, RuntimeException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }
}
