package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Column;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** How often each value of each group came, and in the end the least of the most frequent ones. */
final class ModeCounts implements Accumulator {
  private final BufferAllocator allocator;
  private final MemoryReservation memory;
  private final DictionaryCounts dictionaries;

  /** Per entry of {@link #rows}. */
  private final GrowingBuffer times;

  private @Nullable DistinctRows rows;
  private @Nullable Accumulator least;
  private int groups;
  private int[] ids = new int[0];

  ModeCounts(BufferAllocator allocator) {
    this.allocator = allocator;
    this.memory = new MemoryReservation(allocator);
    this.dictionaries =
        new DictionaryCounts(
            allocator,
            memory,
            (values, which, of, n) -> add(List.of(values), which, of, n, which.length));
    this.times = new GrowingBuffer(allocator);
  }

  @Override
  public void resize(int groupCount) {
    groups = groupCount;
  }

  @Override
  public void update(SlotValues values) {
    if (!dictionaries.count(values, 0, groups)) {
      add(List.of(values.column(0)), values.rows(), values.groups(), null, values.count());
    }
  }

  private void add(
      List<? extends Column> columns, int[] which, int[] of, long @Nullable [] n, int count) {
    DistinctRows distinct = rows;
    if (distinct == null) {
      distinct = new DistinctRows(List.of(columns.getFirst().type()), allocator);
      rows = distinct;
    }
    if (ids.length < count) {
      ids = new int[count];
    }
    distinct.add(columns, which, of, count, ids);
    ArrowBuf buffer = times.ensure((long) distinct.size() << 3);
    for (int i = 0; i < count; i++) {
      long at = (long) ids[i] << 3;
      buffer.setLong(at, buffer.getLong(at) + (n == null ? 1 : n[i]));
    }
  }

  @Override
  public void settle() {
    dictionaries.flush();
  }

  /** Nothing: counts are merged by {@link #mergeMapped}. */
  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {}

  @Override
  public void mergeMapped(Accumulator other, int[] mapping) {
    ModeCounts that = (ModeCounts) other;
    DistinctRows theirs = that.rows;
    if (theirs == null) {
      return;
    }
    int[] which = new int[DistinctRows.CHUNK];
    int[] of = new int[DistinctRows.CHUNK];
    long[] n = new long[DistinctRows.CHUNK];
    theirs.slices(
        (columns, first, entries) -> {
          int kept = 0;
          for (int i = 0; i < entries; i++) {
            int group = mapping[theirs.group(first + i)];
            if (group >= 0) {
              which[kept] = i;
              of[kept] = group;
              n[kept++] = that.times.buffer().getLong((first + (long) i) << 3);
            }
          }
          if (kept > 0) {
            add(columns, which, of, n, kept);
          }
        });
  }

  @Override
  public void finish() {
    DistinctRows distinct = rows;
    if (distinct == null) {
      return;
    }
    long[] most = new long[groups];
    for (int entry = 0; entry < distinct.size(); entry++) {
      int group = distinct.group(entry);
      most[group] = Math.max(most[group], times.buffer().getLong((long) entry << 3));
    }
    SqlType type = distinct.types().getFirst();
    Accumulator extreme =
        new AccumulatorSpec(AggregateCalls.extremeKind(type, false), 0).create(allocator);
    least = extreme;
    extreme.resize(groups);
    int[] which = new int[DistinctRows.CHUNK];
    int[] of = new int[DistinctRows.CHUNK];
    Slot slot = new Slot(List.of(0), false, false, -1);
    try (SlotValues values = new SlotValues(slot, List.of(type), allocator)) {
      distinct.slices(
          (columns, first, entries) -> {
            int kept = 0;
            for (int i = 0; i < entries; i++) {
              int group = distinct.group(first + i);
              if (times.buffer().getLong((first + (long) i) << 3) == most[group]) {
                which[kept] = i;
                of[kept++] = group;
              }
            }
            values.readDistinct(columns, which, of, kept);
            extreme.update(values);
          });
    }
    distinct.close();
    rows = null;
  }

  /** The mode of each group that has one, or null if none has. */
  @Nullable Accumulator modes() {
    return least;
  }

  @Override
  public void close() {
    dictionaries.close();
    times.close();
    if (rows != null) {
      rows.close();
    }
    if (least != null) {
      least.close();
    }
    memory.close();
  }
}
