package io.sluice.engine.batch;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Parts of batches, as selections. */
public final class Slices {
  private Slices() {}

  /** The selected rows {@code from} (inclusive) to {@code to}. Consumes the batch. */
  public static Batch slice(Batch batch, int from, int to, BufferAllocator allocator) {
    assert 0 <= from && from <= to && to <= batch.rowCount();
    if (from == 0 && to == batch.rowCount()) {
      return batch;
    }
    try (batch) {
      Selection rows = rows(batch.selection(), from, to, allocator);
      Batch shared;
      try {
        shared = batch.share();
      } catch (RuntimeException | Error failure) {
        rows.close();
        throw failure;
      }
      return narrowed(shared, rows);
    }
  }

  private static Batch narrowed(Batch shared, Selection rows) {
    Selection old = shared.selection();
    if (old != null) {
      old.close();
    }
    return new Batch(shared.columns(), shared.length(), rows);
  }

  private static Selection rows(
      @Nullable Selection selection, int from, int to, BufferAllocator allocator) {
    ArrowBuf numbers = allocator.buffer(Math.max(4L, (long) (to - from) << 2));
    for (int i = from; i < to; i++) {
      numbers.setInt((long) (i - from) << 2, selection == null ? i : selection.get(i));
    }
    return new Selection(numbers, to - from);
  }
}
