package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.deletes.ScanDeletes;
import io.sluice.connectors.iceberg.scan.DataFileRows;
import io.sluice.connectors.iceberg.scan.SnapshotFiles;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.NullVector;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes files again, row by row in order, without some rows and with new values in others. Files
 * of which no row is left are not read.
 */
final class FileRewriter implements AutoCloseable {
  private final SnapshotFiles source;
  private final RowLineage lineage;
  private final TableFiles target;
  private final BufferAllocator allocator;
  private final ScanDeletes deletes;
  private final TreeMap<Integer, BitSet> newlyDeleted = new TreeMap<>();
  private final List<DataFile> removed = new ArrayList<>();
  private final RowCells row;
  private final ColumnCells none = new ColumnCells(new NullVector("", 1), null, true);
  private @Nullable OpenFile open;

  /** A file of which some rows are written. */
  private final class OpenFile {
    private final int number;
    private final DataFileRows rows;
    private final BitSet dropped;
    private @Nullable Batch batch;
    private ColumnCells[] cells = new ColumnCells[0];
    private int next;

    OpenFile(int number) {
      this.number = number;
      this.dropped = deletedOf(number);
      this.rows = source.read(number, lineage.columns(), deletes, allocator);
    }

    /** Writes the rows up to one, which is not written, or all. Whether there is such a row. */
    boolean copyTo(long end) {
      while (advance()) {
        long position = rows.firstRow() + current();
        if (position >= end) {
          return position == end;
        }
        if (!dropped.get(Math.toIntExact(position))) {
          target.write(row.at(cells, current()));
        }
        next++;
      }
      return false;
    }

    /** Makes the next row that is not deleted the current one. */
    private boolean advance() {
      Batch current = batch;
      while (current == null || next == current.rowCount()) {
        closeBatch();
        current = rows.next();
        if (current == null) {
          return false;
        }
        batch = current;
        next = 0;
        cells = current.columns().stream().map(ColumnCells::of).toArray(ColumnCells[]::new);
      }
      return true;
    }

    /** The current row's place in its batch. */
    private int current() {
      Selection live = Objects.requireNonNull(batch).selection();
      return live == null ? next : live.get(next);
    }

    /** The current row, which is then passed. */
    RowCells take() {
      RowCells taken = row.at(cells, current());
      next++;
      return taken;
    }

    private void closeBatch() {
      Batch old = batch;
      batch = null;
      if (old != null) {
        old.close();
      }
    }

    void close() {
      try (rows) {
        closeBatch();
      }
    }
  }

  /**
   * @param target of the rows that stay
   * @param allocator stays the caller's
   */
  FileRewriter(
      SnapshotFiles source, RowLineage lineage, TableFiles target, BufferAllocator allocator) {
    this.source = source;
    this.lineage = lineage;
    this.target = target;
    this.allocator = allocator;
    this.deletes = source.deletes();
    this.row = new RowCells(lineage.columns().size());
  }

  private BitSet deletedOf(int number) {
    return newlyDeleted.computeIfAbsent(number, n -> new BitSet());
  }

  /** Leaves a row out; whether it had not been left out before. */
  boolean delete(int number, long position) {
    BitSet rows = deletedOf(number);
    int bit = Math.toIntExact(position);
    boolean fresh = !rows.get(bit);
    rows.set(bit);
    return fresh;
  }

  /** Leaves a file out with all of its rows, unread. */
  private void drop(int number) {
    source.checkReadable(number);
    removed.add(source.file(number));
  }

  /** Leaves a file out; how many rows it had that were not deleted before. */
  long dropAll(int number) {
    drop(number);
    return source.liveRows(number, deletes, allocator);
  }

  /**
   * The row as it is, once all rows before it are written: to be changed and written by the caller.
   * Files and positions ascend from call to call.
   */
  RowCells seek(int number, long position) {
    OpenFile file = open;
    if (file == null || file.number != number) {
      finishTo(number);
      file = new OpenFile(number);
      open = file;
    }
    if (!file.copyTo(position)) {
      throw new AssertionError("row " + position + " of " + source.file(number).location());
    }
    RowCells current = file.take();
    if (lineage.sequenceColumn() >= 0) {
      current.replace(lineage.sequenceColumn(), none, 0);
    }
    return current;
  }

  /** Completes all files before one. */
  private void finishTo(int end) {
    finishOpen();
    while (!newlyDeleted.isEmpty() && newlyDeleted.firstKey() < end) {
      int number = newlyDeleted.firstKey();
      if (deletedOf(number).cardinality() < source.file(number).recordCount()) {
        open = new OpenFile(number);
        finishOpen();
      } else {
        drop(number);
        newlyDeleted.remove(number);
      }
    }
  }

  private void finishOpen() {
    OpenFile file = open;
    if (file != null) {
      file.copyTo(Long.MAX_VALUE);
      file.close();
      open = null;
      removed.add(source.file(file.number));
      newlyDeleted.remove(file.number);
    }
  }

  /** Completes everything; the files that are no longer needed. */
  List<DataFile> finish() {
    finishTo(source.count());
    return List.copyOf(removed);
  }

  @Override
  public void close() {
    OpenFile file = open;
    open = null;
    try (NullVector vector = (NullVector) none.values();
        deletes) {
      if (file != null) {
        file.close();
      }
    }
  }
}
