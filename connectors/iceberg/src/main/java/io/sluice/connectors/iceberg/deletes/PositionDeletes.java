package io.sluice.connectors.iceberg.deletes;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.parquet.ColumnRequest;
import io.sluice.connectors.parquet.ParquetColumn;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * Numbers of rows that one delete file takes out of data files: a Parquet file of paths and
 * positions, or a deletion vector within a Puffin file.
 */
final class PositionDeletes {
  // Roaring bitmaps need 2 bytes for a position among many, some 30 for one that stands alone.
  private static final int BYTES_PER_POSITION = 8;
  private static final int BYTES_PER_FILE = 512;

  private final DeleteSource source;
  private final DeleteFile file;
  private final Set<String> wanted;
  private final BackgroundReads reads;
  private final MemoryReservation memory;

  /**
   * @param wanted locations of the data files whose rows are read
   * @param memory counts what is kept; shared with others, and its own lock
   */
  PositionDeletes(
      DeleteSource source,
      DeleteFile file,
      Set<String> wanted,
      BackgroundReads reads,
      MemoryReservation memory) {
    this.source = source;
    this.file = file;
    this.wanted = wanted;
    this.reads = reads;
    this.memory = memory;
  }

  /** An index to which positions can be added. */
  static PositionDeleteIndex none() {
    return Deletes.toPositionIndex(CloseableIterable.empty());
  }

  /** The deleted positions by location of the data file. */
  Map<String, PositionDeleteIndex> read(BufferAllocator allocator) {
    return Failures.translated(
        "deletes of table " + source.name(),
        () -> ContentFileUtil.isDV(file) ? vector() : positions(allocator));
  }

  private Map<String, PositionDeleteIndex> vector() {
    long offset = Objects.requireNonNull(file.contentOffset());
    int length = Math.toIntExact(Objects.requireNonNull(file.contentSizeInBytes()));
    // the bytes, and the bitmap that they become
    reserve(2L * length);
    byte[] bytes = new byte[length];
    try {
      IOUtil.readFully(source.table().io().newInputFile(file.location()), offset, bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException("deletion vector " + file.location() + " cannot be read", e);
    }
    try {
      return Map.of(
          Objects.requireNonNull(file.referencedDataFile()),
          PositionDeleteIndex.deserialize(bytes, file));
    } catch (RuntimeException e) {
      throw new EngineException(
          ErrorCode.CORRUPT_FILE,
          "file "
              + file.location()
              + " is corrupt: its deletion vector at byte "
              + offset
              + " cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  private Map<String, PositionDeleteIndex> positions(BufferAllocator allocator) {
    Map<String, PositionDeleteIndex> found = new HashMap<>();
    DeleteFileRows.read(
        source.open().apply(file),
        footer ->
            List.of(
                request(footer, MetadataColumns.DELETE_FILE_PATH.fieldId(), SqlType.VARCHAR),
                request(footer, MetadataColumns.DELETE_FILE_POS.fieldId(), SqlType.BIGINT)),
        allocator,
        batch -> {
          reads.checkOpen();
          add(batch, found, allocator);
        });
    return found;
  }

  private ColumnRequest request(ParquetMetadata footer, int id, SqlType type) {
    ParquetColumn column =
        footer
            .column(id)
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.CORRUPT_FILE,
                        "file "
                            + file.location()
                            + " is said to delete rows by position, but has no field "
                            + id));
    return ColumnRequest.of(column, type);
  }

  private void add(Batch batch, Map<String, PositionDeleteIndex> found, BufferAllocator allocator) {
    reserve((long) batch.length() * BYTES_PER_POSITION);
    int kept = 0;
    try (FieldVector vector = batch.column(1).flatten(allocator)) {
      BigIntVector positions = (BigIntVector) vector;
      IntVector ids = batch.column(0) instanceof DictionaryColumn column ? column.indices() : null;
      // writers sort by path: one path for many rows
      String path = null;
      PositionDeleteIndex index = null;
      for (int i = 0; i < batch.length(); i++) {
        if (path == null || ids == null || ids.get(i) != ids.get(i - 1)) {
          String next = path(batch, i);
          if (!next.equals(path)) {
            index = wanted.contains(next) ? index(found, next) : null;
            path = next;
          }
        }
        if (index != null) {
          index.delete(positions.get(i));
          kept++;
        }
      }
    }
    reserve((long) (kept - batch.length()) * BYTES_PER_POSITION);
  }

  private String path(Batch batch, int row) {
    Object path = Cells.get(batch.column(0), row);
    if (path == null) {
      throw new EngineException(
          ErrorCode.CORRUPT_FILE, "file " + file.location() + " deletes rows of no file");
    }
    return (String) path;
  }

  private PositionDeleteIndex index(Map<String, PositionDeleteIndex> found, String path) {
    return found.computeIfAbsent(
        path,
        key -> {
          reserve(BYTES_PER_FILE);
          return none();
        });
  }

  private void reserve(long bytes) {
    synchronized (memory) {
      memory.resize(memory.bytes() + bytes);
    }
  }
}
