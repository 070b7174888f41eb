package io.sluice.engine.operator.join;

import io.sluice.engine.operator.hash.Hashes;
import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.pipeline.TaskContext;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Words anywhere: slots of 16 bytes hold the word and its first row plus one. */
final class WordTable extends JoinTable {
  private SlotRegions regions;

  WordTable(JoinKeys keys, int parts, BufferAllocator allocator) {
    super(keys, allocator);
    this.regions = new SlotRegions(keys.rows, parts);
  }

  @Override
  void allocateSlots() {
    slots.ensure(regions.slots() << 4);
  }

  @Override
  void link(int part, int segment, boolean[] skip) {
    ArrowBuf table = slotBuffer();
    int count = keys.rows(segment);
    int first = segment << Segments.LOG;
    for (int i = 0; i < count; i++) {
      long word = keys.word(first + i);
      long slot = regions.first(Hashes.word(word));
      if (regions.part(slot) != part || skip[i]) {
        continue;
      }
      while (true) {
        long at = slot << 4;
        int head = table.getInt(at + 8) - 1;
        if (head == NONE) {
          if (!regions.take(part)) {
            return;
          }
          table.setLong(at, word);
          table.setInt(at + 8, chain(first + i, NONE) + 1);
          break;
        }
        if (table.getLong(at) == word) {
          table.setInt(at + 8, chain(first + i, head) + 1);
          break;
        }
        slot = regions.after(slot);
      }
    }
  }

  @Override
  void complete(TaskContext task, SkippedRows skipped) {
    if (regions.overflowed()) {
      regions = new SlotRegions(keys.rows, 1);
      slotBuffer().setZero(0, slotBuffer().capacity());
      allocateSlots();
      boolean[] skip = new boolean[Segments.ROWS];
      for (int segment = 0; segment < keys.segments(); segment++) {
        skipped.mark(segment, skip);
        link(0, segment, skip);
        task.checkCancelled();
      }
    }
  }

  @Override
  void find(KeyEncoder probe, int[] heads) {
    long[] words = probe.words();
    long[] hashes = probe.hashes();
    ArrowBuf table = slotBuffer();
    SlotRegions places = regions;
    int count = probe.count();
    for (int i = 0; i < count; i++) {
      long word = words[i];
      long slot = places.first(hashes[i]);
      int head = table.getInt((slot << 4) + 8) - 1;
      while (head != NONE && table.getLong(slot << 4) != word) {
        slot = places.after(slot);
        head = table.getInt((slot << 4) + 8) - 1;
      }
      heads[i] = head;
    }
  }
}
