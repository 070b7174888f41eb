package io.sluice.engine.batch;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Columns of equal length, and at most one selection of their rows. Owns both. A batch may have no
 * columns and still have rows.
 */
public final class Batch implements AutoCloseable {
  private final List<Column> columns;
  private final int length;
  private final @Nullable Selection selection;
  private boolean closed;

  /** All rows selected. */
  public Batch(List<Column> columns, int length) {
    this(columns, length, null);
  }

  public Batch(List<Column> columns, int length, @Nullable Selection selection) {
    this.columns = List.copyOf(columns);
    this.length = length;
    this.selection = selection;
    for (Column column : columns) {
      assert column.length() == length : column.length() + " rows in a batch of " + length;
    }
  }

  public List<Column> columns() {
    return columns;
  }

  public Column column(int i) {
    return columns.get(i);
  }

  /** Physical rows of every column. */
  public int length() {
    return length;
  }

  /** Rows that count. */
  public int rowCount() {
    return selection == null ? length : selection.count();
  }

  /** The rows that count, ascending, or null for all. */
  public @Nullable Selection selection() {
    return selection;
  }

  /** The same rows without a selection. Consumes this batch. */
  public Batch compact(BufferAllocator allocator) {
    Selection chosen = selection;
    if (chosen == null) {
      return this;
    }
    List<Column> compacted = new ArrayList<>(columns.size());
    try {
      for (Column column : columns) {
        compacted.add(column.take(chosen, allocator));
      }
      return new Batch(compacted, chosen.count());
    } catch (RuntimeException | Error failure) {
      compacted.forEach(Column::close);
      throw failure;
    } finally {
      close();
    }
  }

  /** Another owner of the same rows. */
  public Batch share() {
    List<Column> shared = new ArrayList<>(columns.size());
    for (Column column : columns) {
      shared.add(column.share());
    }
    Selection chosen = selection;
    return new Batch(shared, length, chosen == null ? null : chosen.share());
  }

  public long memoryBytes() {
    long bytes = 0;
    for (Column column : columns) {
      bytes += column.memoryBytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      columns.forEach(Column::close);
      if (selection != null) {
        selection.close();
      }
    }
  }
}
