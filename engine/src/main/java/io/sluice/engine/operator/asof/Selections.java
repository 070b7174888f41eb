package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Selection;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Selections from row numbers. */
final class Selections {
  private Selections() {}

  /** The first {@code count} numbers. The caller closes the selection. */
  static Selection of(int[] numbers, int count, BufferAllocator allocator) {
    ArrowBuf rows = allocator.buffer(Math.max(4, count * 4L));
    for (int i = 0; i < count; i++) {
      rows.setInt((long) i << 2, numbers[i]);
    }
    return new Selection(rows, count);
  }
}
