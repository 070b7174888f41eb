package io.sluice.engine.operator.join;

import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.operator.hash.KeyRows;
import io.sluice.engine.pipeline.TaskContext;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Keys that are rows: slots of 8 bytes hold half of the hash and the first row plus one. */
final class RowTable extends JoinTable {
  private SlotRegions regions;

  RowTable(JoinKeys keys, int parts, BufferAllocator allocator) {
    super(keys, allocator);
    this.regions = new SlotRegions(keys.rows, parts);
  }

  @Override
  void allocateSlots() {
    slots.ensure(regions.slots() << 3);
  }

  @Override
  void link(int part, int segment, boolean[] skip) {
    ArrowBuf table = slotBuffer();
    int count = keys.rows(segment);
    int first = segment << Segments.LOG;
    for (int i = 0; i < count; i++) {
      int id = first + i;
      long hash = keys.hash(id);
      long slot = regions.first(hash);
      if (regions.part(slot) != part || skip[i]) {
        continue;
      }
      long tag = hash << 32;
      while (true) {
        long entry = table.getLong(slot << 3);
        int head = (int) entry - 1;
        if (head == NONE) {
          if (!regions.take(part)) {
            return;
          }
          table.setLong(slot << 3, tag | (chain(id, NONE) + 1));
          break;
        }
        if (matches(entry, tag, keys.heap(id), keys.offset(id))) {
          table.setLong(slot << 3, tag | (chain(id, head) + 1));
          break;
        }
        slot = regions.after(slot);
      }
    }
  }

  private boolean matches(long entry, long tag, ArrowBuf rows, long offset) {
    if (((entry ^ tag) >>> 32) != 0) {
      return false;
    }
    int head = (int) entry - 1;
    return KeyRows.equal(rows, offset, keys.heap(head), keys.offset(head));
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
    ArrowBuf table = slotBuffer();
    ArrowBuf rows = probe.rows();
    long[] offsets = probe.offsets();
    long[] hashes = probe.hashes();
    int count = probe.count();
    for (int i = 0; i < count; i++) {
      long slot = regions.first(hashes[i]);
      long tag = hashes[i] << 32;
      long entry = table.getLong(slot << 3);
      while (entry != 0 && !matches(entry, tag, rows, offsets[i])) {
        slot = regions.after(slot);
        entry = table.getLong(slot << 3);
      }
      heads[i] = (int) entry - 1;
    }
  }
}
