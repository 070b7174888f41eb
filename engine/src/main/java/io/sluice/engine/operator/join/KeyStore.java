package io.sluice.engine.operator.join;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.operator.hash.KeyLayout;
import io.sluice.engine.operator.hash.KeyRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The keys of one task's build rows, by segment: words, or rows with their hashes. Knows which of
 * them are NULL.
 */
final class KeyStore implements AutoCloseable {
  private static final int ROW_STATE = 16;

  private final KeyLayout layout;
  private final BufferAllocator allocator;

  /** Of words: the words. Of rows: offset and hash of each. */
  private final List<GrowingBuffer> states = new ArrayList<>();

  private final List<GrowingBuffer> heaps = new ArrayList<>();
  private final List<Long> heapEnds = new ArrayList<>();

  /** Rows that no key finds, as one of its columns is NULL. */
  private final GrowingBuffer unlinked;

  /** Rows whose word is NULL, where NULL equals NULL. */
  private final GrowingBuffer nullWords;

  private int rows;
  private int unlinkedCount;
  private int nullWordCount;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;

  KeyStore(KeyLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
    this.unlinked = new GrowingBuffer(allocator);
    this.nullWords = new GrowingBuffer(allocator);
  }

  int rows() {
    return rows;
  }

  int unlinkedCount() {
    return unlinkedCount;
  }

  int unlinked(int i) {
    return unlinked.buffer().getInt((long) i << 2);
  }

  int nullWordCount() {
    return nullWordCount;
  }

  int nullWord(int i) {
    return nullWords.buffer().getInt((long) i << 2);
  }

  /** Of words that are not NULL; greater than {@link #greatest} where there are none. */
  long least() {
    return least;
  }

  long greatest() {
    return greatest;
  }

  ArrowBuf states(int segment) {
    return states.get(segment).buffer();
  }

  ArrowBuf heap(int segment) {
    return heaps.get(segment).buffer();
  }

  int segments() {
    return states.size();
  }

  /**
   * Appends some keys of the encoder.
   *
   * @param unsafe the columns whose NULL equals nothing, a bit each
   */
  void append(KeyEncoder keys, int[] chosen, int count, long unsafe) {
    for (int i = 0; i < count; i++) {
      int at = rows + i;
      int segment = at >>> Segments.LOG;
      int offset = at & Segments.MASK;
      if (segment == states.size()) {
        states.add(new GrowingBuffer(allocator));
        heaps.add(new GrowingBuffer(allocator));
        heapEnds.add(0L);
      }
      int key = chosen[i];
      if (keys.hasNull(key, unsafe)) {
        unlinked.ensure(4L * (unlinkedCount + 1)).setInt(4L * unlinkedCount, at);
        unlinkedCount++;
      }
      if (layout.isWord()) {
        appendWord(keys, key, segment, offset, unsafe == 0);
      } else {
        appendRow(keys, key, segment, offset);
      }
    }
    rows = Math.addExact(rows, count);
    if (rows > Integer.MAX_VALUE - Segments.ROWS) {
      throw new EngineException(
          ErrorCode.MEMORY_LIMIT, "more than " + rows + " rows in the hash table of a join");
    }
  }

  private void appendWord(KeyEncoder keys, int key, int segment, int offset, boolean nullSafe) {
    long word = keys.words()[key];
    states.get(segment).ensure(8L * (offset + 1)).setLong(8L * offset, word);
    if (!keys.isNull(key)) {
      least = Math.min(least, word);
      greatest = Math.max(greatest, word);
    } else if (nullSafe) {
      int at = (segment << Segments.LOG) + offset;
      nullWords.ensure(4L * (nullWordCount + 1)).setInt(4L * nullWordCount, at);
      nullWordCount++;
    }
  }

  private void appendRow(KeyEncoder keys, int key, int segment, int offset) {
    long start = keys.offsets()[key];
    long bytes = KeyRows.bytes(keys.rows(), start);
    long end = heapEnds.get(segment);
    heaps.get(segment).ensure(end + bytes).setBytes(end, keys.rows(), start, bytes);
    ArrowBuf state = states.get(segment).ensure((long) ROW_STATE * (offset + 1));
    state.setLong((long) ROW_STATE * offset, end);
    state.setLong((long) ROW_STATE * offset + 8, keys.hashes()[key]);
    heapEnds.set(segment, end + bytes);
  }

  @Override
  public void close() {
    states.forEach(GrowingBuffer::close);
    heaps.forEach(GrowingBuffer::close);
    unlinked.close();
    nullWords.close();
  }
}
