package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GroupTable;
import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** The groups of a table, ordered by partition: by the low bits of their hash. */
final class GroupPartitions implements AutoCloseable {
  private final GrowingBuffer order;
  private final int[] starts;

  GroupPartitions(GroupTable table, int partitions, BufferAllocator allocator) {
    this.order = new GrowingBuffer(allocator);
    this.starts = new int[partitions + 1];
    int size = table.size();
    int mask = partitions - 1;
    for (int id = 0; id < size; id++) {
      starts[((int) table.hash(id) & mask) + 1]++;
    }
    for (int p = 0; p < partitions; p++) {
      starts[p + 1] += starts[p];
    }
    ArrowBuf buffer = order.ensure((long) size << 2);
    int[] next = starts.clone();
    for (int id = 0; id < size; id++) {
      int at = next[(int) table.hash(id) & mask]++;
      buffer.setInt((long) at << 2, id);
    }
  }

  int start(int partition) {
    return starts[partition];
  }

  int end(int partition) {
    return starts[partition + 1];
  }

  /** The group at a place of the order. */
  int group(int place) {
    return order.buffer().getInt((long) place << 2);
  }

  @Override
  public void close() {
    order.close();
  }
}
