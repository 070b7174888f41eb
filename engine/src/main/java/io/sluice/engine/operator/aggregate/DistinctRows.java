package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.operator.hash.GroupTable;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.operator.hash.KeyLayout;
import io.sluice.engine.operator.hash.RowNumbers;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;

/** The different arguments of each group: keys of (group, arguments). */
final class DistinctRows implements AutoCloseable {
  /** Entries that {@link #slices} hands out at a time, at most. */
  static final int CHUNK = 4096;

  private final List<SqlType> types;
  private final BufferAllocator allocator;
  private final GroupTable table;
  private final KeyEncoder encoder;
  private final GrowingBuffer groupOf;
  private int[] ids = new int[0];

  /**
   * @param types of the arguments
   */
  DistinctRows(List<SqlType> types, BufferAllocator allocator) {
    this.types = List.copyOf(types);
    this.allocator = allocator;
    List<SqlType> keyTypes = new ArrayList<>();
    keyTypes.add(SqlType.INTEGER);
    keyTypes.addAll(types);
    KeyLayout layout = new KeyLayout(keyTypes);
    this.table = GroupTable.create(layout, allocator);
    this.encoder = new KeyEncoder(layout, allocator);
    this.groupOf = new GrowingBuffer(allocator);
  }

  List<SqlType> types() {
    return types;
  }

  int size() {
    return table.size();
  }

  /** The group of an entry. */
  int group(int entry) {
    return groupOf.buffer().getInt((long) entry << 2);
  }

  /** Adds arguments in some rows of columns. */
  void add(List<? extends Column> columns, int[] rows, int[] groups, int count) {
    if (ids.length < count) {
      ids = new int[count];
    }
    add(columns, rows, groups, count, ids);
  }

  /** As the other, and tells the entries of the rows. */
  void add(List<? extends Column> columns, int[] rows, int[] groups, int count, int[] entries) {
    List<Column> keys = new ArrayList<>();
    try {
      keys.add(new FlatColumn(SqlType.INTEGER, ints(groups, count)));
      RowNumbers.take(columns, rows, count, allocator, keys);
      encoder.encode(keys, count);
    } finally {
      keys.forEach(Column::close);
    }
    int before = table.size();
    table.add(encoder, entries);
    ArrowBuf buffer = groupOf.ensure((long) table.size() << 2);
    for (int i = 0; i < count; i++) {
      if (entries[i] >= before) {
        buffer.setInt((long) entries[i] << 2, groups[i]);
      }
    }
  }

  private IntVector ints(int[] values, int count) {
    IntVector vector = new IntVector("", allocator);
    try {
      vector.allocateNew(Math.max(1, count));
      for (int i = 0; i < count; i++) {
        vector.set(i, values[i]);
      }
      vector.setValueCount(count);
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  /** Takes entries by slices of columns. */
  @FunctionalInterface
  interface SliceReader {
    void read(List<Column> arguments, int from, int count);
  }

  /** All entries, which stay. */
  void slices(SliceReader reader) {
    for (int from = 0; from < size(); from += CHUNK) {
      int count = Math.min(CHUNK, size() - from);
      List<Column> arguments = new ArrayList<>();
      try {
        for (int c = 0; c < types.size(); c++) {
          arguments.add(new FlatColumn(types.get(c), table.keys(c + 1, from, count, allocator)));
        }
        reader.read(arguments, from, count);
      } finally {
        arguments.forEach(Column::close);
      }
    }
  }

  /**
   * Adds entries of another instance.
   *
   * @param mapping of its groups to groups here, or -1 for those to leave
   */
  void merge(DistinctRows other, int[] mapping) {
    int[] rows = new int[CHUNK];
    int[] groups = new int[CHUNK];
    other.slices(
        (arguments, from, count) -> {
          int kept = 0;
          for (int i = 0; i < count; i++) {
            int group = mapping[other.group(from + i)];
            if (group >= 0) {
              rows[kept] = i;
              groups[kept++] = group;
            }
          }
          add(arguments, rows, groups, kept);
        });
  }

  /** Feeds all entries to accumulators. */
  void feed(SlotValues values, List<Accumulator> accumulators) {
    int[] rows = new int[CHUNK];
    int[] groups = new int[CHUNK];
    Arrays.setAll(rows, i -> i);
    slices(
        (arguments, from, count) -> {
          for (int i = 0; i < count; i++) {
            groups[i] = group(from + i);
          }
          values.readDistinct(arguments, rows, groups, count);
          accumulators.forEach(accumulator -> accumulator.update(values));
        });
  }

  @Override
  public void close() {
    table.close();
    encoder.close();
    groupOf.close();
  }
}
