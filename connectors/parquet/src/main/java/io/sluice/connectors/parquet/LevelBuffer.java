package io.sluice.connectors.parquet;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Levels of a batch, a byte each. */
final class LevelBuffer implements AutoCloseable {
  private final PageMemory memory;
  private @Nullable ArrowBuf levels;
  private int count;

  LevelBuffer(PageMemory memory) {
    this.memory = memory;
  }

  /** Adds levels of a page. */
  void append(ArrowBuf source, int from, int more) {
    ArrowBuf target = levels;
    long needed = (long) count + more;
    if (needed > Integer.MAX_VALUE) {
      throw new UnsupportedPage(needed + " values in a batch; ask for fewer rows");
    }
    if (target == null || target.capacity() < needed) {
      ArrowBuf larger = memory.take(Math.max(needed, 2L * count));
      if (target != null) {
        larger.setBytes(0, target, 0, count);
        memory.give(target);
      }
      target = larger;
      levels = larger;
    }
    target.setBytes(count, source, from, more);
    count += more;
  }

  int count() {
    return count;
  }

  /** Address of the levels. */
  long address() {
    ArrowBuf present = levels;
    return present == null
        ? memory.allocator().getEmpty().memoryAddress()
        : present.memoryAddress();
  }

  void clear() {
    count = 0;
  }

  @Override
  public void close() {
    count = 0;
    if (levels != null) {
      memory.give(levels);
      levels = null;
    }
  }
}
