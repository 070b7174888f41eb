package io.sluice.engine.operator.hash;

import io.sluice.engine.batch.Vectors;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Keys of one word. Slots of 16 bytes hold the key and its number plus one. */
final class WordGroupTable implements GroupTable {
  private static final int FIRST_SLOTS_LOG = 8;

  private final KeyLayout layout;
  private final GrowingBuffer keys;
  private final BufferAllocator allocator;
  private GrowingBuffer slots;
  private int slotsLog;
  private int size;
  private int nullId = -1;

  WordGroupTable(KeyLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
    this.keys = new GrowingBuffer(allocator);
    this.slots = new GrowingBuffer(allocator);
  }

  @Override
  public KeyLayout layout() {
    return layout;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void add(KeyEncoder encoder, int[] ids) {
    int count = encoder.count();
    reserve(count);
    long[] words = encoder.words();
    long[] hashes = encoder.hashes();
    ArrowBuf table = slots.buffer();
    int shift = 64 - slotsLog;
    long mask = (1L << slotsLog) - 1;
    boolean nulls = encoder.anyNull();
    for (int i = 0; i < count; i++) {
      if (nulls && encoder.isNull(i)) {
        ids[i] = nullId();
        continue;
      }
      ids[i] = find(table, shift, mask, words[i], hashes[i]);
    }
  }

  @Override
  public void find(KeyEncoder encoder, int[] ids) {
    long[] words = encoder.words();
    long[] hashes = encoder.hashes();
    for (int i = 0; i < encoder.count(); i++) {
      if (encoder.isNull(i)) {
        ids[i] = nullId;
      } else {
        ids[i] = slotsLog == 0 ? -1 : known(words[i], hashes[i]);
      }
    }
  }

  private int known(long word, long hash) {
    ArrowBuf table = slots.buffer();
    long mask = (1L << slotsLog) - 1;
    long slot = hash >>> (64 - slotsLog);
    while (true) {
      long at = slot << 4;
      int id = table.getInt(at + 8) - 1;
      if (id < 0 || table.getLong(at) == word) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  @Override
  public void addFrom(GroupTable other, int[] otherIds, int count, int[] ids) {
    reserve(count);
    WordGroupTable from = (WordGroupTable) other;
    ArrowBuf fromKeys = from.keys.buffer();
    ArrowBuf table = slots.buffer();
    int shift = 64 - slotsLog;
    long mask = (1L << slotsLog) - 1;
    for (int i = 0; i < count; i++) {
      int id = otherIds[i];
      if (id == from.nullId) {
        ids[i] = nullId();
        continue;
      }
      long word = fromKeys.getLong((long) id << 3);
      ids[i] = find(table, shift, mask, word, Hashes.word(word));
    }
  }

  private int find(ArrowBuf table, int shift, long mask, long word, long hash) {
    long slot = hash >>> shift;
    while (true) {
      long at = slot << 4;
      int id = table.getInt(at + 8) - 1;
      if (id < 0) {
        id = size++;
        table.setLong(at, word);
        table.setInt(at + 8, id + 1);
        keys.buffer().setLong((long) id << 3, word);
        return id;
      }
      if (table.getLong(at) == word) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  private int nullId() {
    if (nullId < 0) {
      nullId = size++;
      keys.buffer().setLong((long) nullId << 3, 0);
    }
    return nullId;
  }

  /** Makes room for {@code more} keys at a load of at most two thirds. */
  private void reserve(int more) {
    long keysAfter = (long) size + more;
    keys.ensure(keysAfter << 3);
    if (slotsLog > 0 && keysAfter * 3 <= 2L << slotsLog) {
      return;
    }
    if (keysAfter > MAX_GROUPS) {
      throw RowGroupTable.tooManyGroups();
    }
    int log = Math.max(FIRST_SLOTS_LOG, slotsLog);
    while (keysAfter * 3 > 2L << log) {
      log++;
    }
    rehash(log);
  }

  private void rehash(int log) {
    GrowingBuffer larger = new GrowingBuffer(allocator);
    ArrowBuf table = larger.ensure(16L << log);
    slots.close();
    slots = larger;
    slotsLog = log;
    int shift = 64 - log;
    long mask = (1L << log) - 1;
    ArrowBuf words = keys.buffer();
    for (int id = 0; id < size; id++) {
      if (id == nullId) {
        continue;
      }
      long word = words.getLong((long) id << 3);
      long slot = Hashes.word(word) >>> shift;
      while (table.getInt((slot << 4) + 8) != 0) {
        slot = (slot + 1) & mask;
      }
      table.setLong(slot << 4, word);
      table.setInt((slot << 4) + 8, id + 1);
    }
  }

  @Override
  public long hash(int id) {
    return Hashes.word(keys.buffer().getLong((long) id << 3));
  }

  @Override
  public FieldVector keys(int column, int from, int count, BufferAllocator target) {
    FieldVector vector = Vectors.create(layout.type(0), target);
    try {
      vector.setInitialCapacity(Math.max(1, count));
      vector.allocateNew();
      ArrowBuf validity = vector.getValidityBuffer();
      ArrowBuf words = keys.buffer();
      int width = layout.width(0);
      for (int i = 0; i < count; i++) {
        FixedKeys.write(width, vector, i, words.getLong((long) (from + i) << 3));
        BitVectorHelper.setBit(validity, i);
      }
      if (nullId >= from && nullId < from + count) {
        BitVectorHelper.unsetBit(validity, nullId - from);
      }
      vector.setValueCount(count);
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  @Override
  public long bytes() {
    return keys.capacity() + slots.capacity();
  }

  @Override
  public void close() {
    keys.close();
    slots.close();
  }
}
