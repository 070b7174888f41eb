package io.sluice.engine.operator.aggregate;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** The least or the greatest of strings, by their bytes. */
final class ExtremeBytes implements Accumulator {
  private final BytesPerGroup best;
  private final boolean greatest;
  private final int argument;

  ExtremeBytes(boolean greatest, int argument, BufferAllocator allocator) {
    this.best = new BytesPerGroup(allocator);
    this.greatest = greatest;
    this.argument = argument;
  }

  BytesPerGroup best() {
    return best;
  }

  @Override
  public void resize(int groups) {
    best.resize(groups);
  }

  @Override
  public void update(SlotValues values) {
    ArgumentValues input = values.argument(argument);
    ArrowBuf bytes = input.cells().bytes();
    int[] starts = input.cells().starts();
    int[] lengths = input.cells().lengths();
    int[] rows = input.rows();
    int[] groups = values.groups();
    int count = values.count();
    for (int i = 0; i < count; i++) {
      offer(groups[i], bytes, starts[rows[i]], lengths[rows[i]]);
    }
  }

  private void offer(int group, ArrowBuf bytes, long start, int length) {
    int bestLength = best.length(group);
    if (bestLength >= 0) {
      int order = compare(bytes, start, length, best.bytes(), best.start(group), bestLength);
      if (greatest ? order <= 0 : order >= 0) {
        return;
      }
    }
    best.set(group, bytes, start, length);
  }

  /** By unsigned bytes; a prefix comes first. */
  static int compare(ArrowBuf a, long startA, int lengthA, ArrowBuf b, long startB, int lengthB) {
    int common = Math.min(lengthA, lengthB);
    int i = 0;
    for (; i + 8 <= common; i += 8) {
      long wordA = a.getLong(startA + i);
      long wordB = b.getLong(startB + i);
      if (wordA != wordB) {
        return Long.compareUnsigned(Long.reverseBytes(wordA), Long.reverseBytes(wordB));
      }
    }
    for (; i < common; i++) {
      int order = Integer.compare(a.getByte(startA + i) & 0xFF, b.getByte(startB + i) & 0xFF);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(lengthA, lengthB);
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    BytesPerGroup source = ((ExtremeBytes) other).best;
    for (int i = 0; i < count; i++) {
      int length = source.length(from[i]);
      if (length >= 0) {
        offer(to[i], source.bytes(), source.start(from[i]), length);
      }
    }
  }

  @Override
  public void close() {
    best.close();
  }
}
