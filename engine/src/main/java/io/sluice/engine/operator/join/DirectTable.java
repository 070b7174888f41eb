package io.sluice.engine.operator.join;

import io.sluice.engine.operator.hash.KeyEncoder;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Words close together: each is a place in an array. Its parts are ranges of words. */
final class DirectTable extends JoinTable {
  private final int parts;
  private final long range;

  DirectTable(JoinKeys keys, int parts, BufferAllocator allocator) {
    super(keys, allocator);
    this.parts = parts;
    this.range = keys.greatest - keys.least + 1;
  }

  @Override
  void allocateSlots() {
    slots.ensure(range << 2);
  }

  @Override
  void link(int part, int segment, boolean[] skip) {
    long from = range * part / parts;
    long to = range * (part + 1) / parts;
    ArrowBuf heads = slotBuffer();
    int count = keys.rows(segment);
    int first = segment << Segments.LOG;
    for (int i = 0; i < count; i++) {
      long place = keys.word(first + i) - keys.least;
      if (place >= from && place < to && !skip[i]) {
        long at = place << 2;
        heads.setInt(at, chain(first + i, heads.getInt(at) - 1) + 1);
      }
    }
  }

  @Override
  void find(KeyEncoder probe, int[] heads) {
    long[] words = probe.words();
    ArrowBuf table = slotBuffer();
    long least = keys.least;
    int count = probe.count();
    for (int i = 0; i < count; i++) {
      long place = words[i] - least;
      heads[i] = place >= 0 && place < range ? table.getInt(place << 2) - 1 : NONE;
    }
  }
}
