package io.sluice.engine.operator.join;

import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.pipeline.TaskContext;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * From keys to build rows. Rows of equal keys are chained. Filled by several tasks, each with the
 * keys of its parts; then safe for all threads.
 */
abstract sealed class JoinTable implements AutoCloseable permits DirectTable, WordTable, RowTable {
  static final int NONE = -1;

  /** A direct table may take so many bytes per key that a hash table would. */
  private static final int DIRECT_BYTES = 24;

  final JoinKeys keys;
  final GrowingBuffer next;
  final GrowingBuffer slots;
  private volatile boolean chained;
  private int nullHead = NONE;

  JoinTable(JoinKeys keys, BufferAllocator allocator) {
    this.keys = keys;
    this.next = new GrowingBuffer(allocator);
    this.slots = new GrowingBuffer(allocator);
  }

  static JoinTable create(JoinKeys keys, int parts, BufferAllocator allocator) {
    if (!keys.layout().isWord()) {
      return new RowTable(keys, parts, allocator);
    }
    long range = keys.greatest - keys.least;
    boolean dense =
        keys.least <= keys.greatest && range >= 0 && range < DIRECT_BYTES / 4 * keys.rows + 1024;
    return dense ? new DirectTable(keys, parts, allocator) : new WordTable(keys, parts, allocator);
  }

  /** Allocates what the parts fill. */
  void prepare() {
    next.ensure(Math.max(4, keys.numbers() << 2));
    for (int id : keys.nullWords) {
      nullHead = chain(id, nullHead);
    }
    allocateSlots();
  }

  abstract void allocateSlots();

  /**
   * Links the rows of one part in one segment. Parts are filled side by side, each by one thread.
   *
   * @param skip by row of the segment, whether no key finds it
   */
  abstract void link(int part, int segment, boolean[] skip);

  /** Called once by one thread when all parts are linked: repairs what did not fit. */
  void complete(TaskContext task, SkippedRows skipped) {}

  /** The first row of each key, or {@link #NONE}; of a NULL, anything but for null-safe keys. */
  abstract void find(KeyEncoder probe, int[] heads);

  /** The first row whose only key is NULL, where NULL equals NULL. */
  int nullHead() {
    return nullHead;
  }

  /** The row after {@code id} of the same key, or {@link #NONE}. */
  int next(int id) {
    return next.buffer().getInt((long) id << 2) - 1;
  }

  /** Whether any key has several rows. */
  boolean isChained() {
    return chained;
  }

  /** Puts {@code id} before {@code head}. */
  int chain(int id, int head) {
    next.buffer().setInt((long) id << 2, head + 1);
    if (head != NONE && !chained) {
      chained = true;
    }
    return id;
  }

  ArrowBuf slotBuffer() {
    return slots.buffer();
  }

  @Override
  public void close() {
    next.close();
    slots.close();
  }
}
