package io.sluice.connectors.iceberg.deletes;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.schema.DeclaredTypes;
import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.connectors.parquet.ColumnRequest;
import io.sluice.connectors.parquet.ParquetColumn;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Column;
import io.sluice.engine.operator.hash.GroupTable;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.operator.hash.KeyLayout;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The keys that equality deletes of one scope, a partition or the whole table, take out by the same
 * columns; for each the greatest sequence number of a delete. A row is deleted where its key is
 * there with a number above that of the row's file. NULL equals NULL.
 */
final class EqualityDeletes implements AutoCloseable {
  private final DeleteSource source;
  private final List<Types.NestedField> columns;
  private final KeyLayout layout;
  private final List<DeleteFile> files = new ArrayList<>();
  private @Nullable GroupTable keys;
  private @Nullable GrowingBuffer sequences;

  EqualityDeletes(DeleteSource source, List<Types.NestedField> columns) {
    this.source = source;
    this.columns = columns;
    this.layout = new KeyLayout(columns.stream().map(EqualityDeletes::type).toList());
  }

  static SqlType type(Types.NestedField column) {
    return IcebergTypes.toSql(column.type(), column.fieldId(), DeclaredTypes.NONE);
  }

  List<Types.NestedField> columns() {
    return columns;
  }

  /** Before anything is read. */
  void addFile(DeleteFile file) {
    files.add(file);
  }

  List<DeleteFile> files() {
    return files;
  }

  /** Adds the keys of one of the files. Several may be read at the same time. */
  void read(DeleteFile file, BackgroundReads reads, BufferAllocator allocator) {
    long sequence = file.dataSequenceNumber();
    Failures.translated(
        "deletes of table " + source.name(),
        () -> {
          try (KeyEncoder encoder = new KeyEncoder(layout, allocator)) {
            DeleteFileRows.read(
                source.open().apply(file),
                footer -> requests(file, footer),
                allocator,
                batch -> {
                  reads.checkOpen();
                  encoder.encode(batch.columns(), batch.length());
                  add(encoder, sequence, allocator);
                });
          }
        });
  }

  private List<ColumnRequest> requests(DeleteFile file, ParquetMetadata footer) {
    List<ColumnRequest> requests = new ArrayList<>();
    for (Types.NestedField column : columns) {
      ParquetColumn stored =
          footer
              .column(column.fieldId())
              .orElseThrow(
                  () ->
                      new EngineException(
                          ErrorCode.CORRUPT_FILE,
                          "file "
                              + file.location()
                              + " is said to delete rows of table "
                              + source.name()
                              + " by column "
                              + column.name()
                              + ", which it lacks"));
      requests.add(ColumnRequest.of(stored, type(column)));
    }
    return requests;
  }

  private synchronized void add(KeyEncoder encoder, long sequence, BufferAllocator allocator) {
    GroupTable table = keys;
    GrowingBuffer numbers = sequences;
    if (table == null || numbers == null) {
      table = GroupTable.create(layout, allocator);
      numbers = new GrowingBuffer(allocator);
      keys = table;
      sequences = numbers;
    }
    int[] ids = new int[encoder.count()];
    table.add(encoder, ids);
    ArrowBuf buffer = numbers.ensure((long) table.size() << 3);
    for (int i = 0; i < encoder.count(); i++) {
      long at = (long) ids[i] << 3;
      buffer.setLong(at, Math.max(buffer.getLong(at), sequence));
    }
  }

  /** Looks keys up for one reader, once all files are read. */
  final class Lookup implements AutoCloseable {
    private final KeyEncoder encoder;
    private final long sequence;
    private int[] ids = new int[0];

    /**
     * @param sequence number of the file whose rows are looked up
     */
    Lookup(long sequence, BufferAllocator allocator) {
      this.encoder = new KeyEncoder(layout, allocator);
      this.sequence = sequence;
    }

    /** Marks what is deleted. */
    void mark(List<Column> key, int count, boolean[] deleted) {
      GroupTable table = keys;
      GrowingBuffer numbers = sequences;
      if (table == null || numbers == null) {
        return;
      }
      if (ids.length < count) {
        ids = new int[count];
      }
      encoder.encode(key, count);
      table.find(encoder, ids);
      ArrowBuf buffer = numbers.buffer();
      for (int i = 0; i < count; i++) {
        deleted[i] |= ids[i] >= 0 && buffer.getLong((long) ids[i] << 3) > sequence;
      }
    }

    @Override
    public void close() {
      encoder.close();
    }
  }

  @Override
  public synchronized void close() {
    GroupTable table = keys;
    GrowingBuffer numbers = sequences;
    keys = null;
    sequences = null;
    if (table != null) {
      table.close();
    }
    if (numbers != null) {
      numbers.close();
    }
  }
}
