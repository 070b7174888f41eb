package io.sluice.engine.operator.hash;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Keys that are rows. Slots of 8 bytes hold half of the hash and the number plus one, so that most
 * rows that differ are told apart without reading them.
 */
final class RowGroupTable implements GroupTable {
  private static final int FIRST_SLOTS_LOG = 8;
  private static final long ID = 0xFFFFFFFFL;

  private final KeyLayout layout;
  private final BufferAllocator allocator;
  private final GrowingBuffer rows;
  private final GrowingBuffer offsets;
  private final GrowingBuffer hashes;
  private GrowingBuffer slots;
  private int slotsLog;
  private int size;
  private long rowsEnd;

  RowGroupTable(KeyLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
    this.rows = new GrowingBuffer(allocator);
    this.offsets = new GrowingBuffer(allocator);
    this.hashes = new GrowingBuffer(allocator);
    this.slots = new GrowingBuffer(allocator);
  }

  static EngineException tooManyGroups() {
    return new EngineException(
        ErrorCode.MEMORY_LIMIT, "more than " + MAX_GROUPS + " different keys in one hash table");
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
    ArrowBuf newRows = encoder.rows();
    long[] newOffsets = encoder.offsets();
    long[] newHashes = encoder.hashes();
    for (int i = 0; i < count; i++) {
      ids[i] = find(newRows, newOffsets[i], newHashes[i]);
    }
  }

  @Override
  public void find(KeyEncoder encoder, int[] ids) {
    ArrowBuf wanted = encoder.rows();
    long[] wantedOffsets = encoder.offsets();
    long[] wantedHashes = encoder.hashes();
    for (int i = 0; i < encoder.count(); i++) {
      ids[i] = size == 0 ? -1 : known(wanted, wantedOffsets[i], wantedHashes[i]);
    }
  }

  private int known(ArrowBuf wanted, long wantedOffset, long hash) {
    ArrowBuf table = slots.buffer();
    long mask = (1L << slotsLog) - 1;
    long slot = hash >>> (64 - slotsLog);
    while (true) {
      long entry = table.getLong(slot << 3);
      if (entry == 0) {
        return -1;
      }
      int id = (int) entry - 1;
      if ((entry & ~ID) == hash << 32
          && KeyRows.equal(wanted, wantedOffset, rows.buffer(), offset(id))) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  @Override
  public void addFrom(GroupTable other, int[] otherIds, int count, int[] ids) {
    reserve(count);
    RowGroupTable from = (RowGroupTable) other;
    ArrowBuf fromRows = from.rows.buffer();
    for (int i = 0; i < count; i++) {
      int id = otherIds[i];
      ids[i] = find(fromRows, from.offset(id), from.hash(id));
    }
  }

  private int find(ArrowBuf newRows, long newOffset, long hash) {
    ArrowBuf table = slots.buffer();
    long mask = (1L << slotsLog) - 1;
    long tag = hash << 32;
    long slot = hash >>> (64 - slotsLog);
    while (true) {
      long entry = table.getLong(slot << 3);
      if (entry == 0) {
        table.setLong(slot << 3, tag | (size + 1));
        return append(newRows, newOffset, hash);
      }
      if ((entry & ~ID) == tag) {
        int id = (int) entry - 1;
        if (KeyRows.equal(newRows, newOffset, rows.buffer(), offset(id))) {
          return id;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  private int append(ArrowBuf newRows, long newOffset, long hash) {
    long bytes = KeyRows.bytes(newRows, newOffset);
    ArrowBuf to = rows.ensure(rowsEnd + bytes);
    for (long i = 0; i < bytes; i += Long.BYTES) {
      to.setLong(rowsEnd + i, newRows.getLong(newOffset + i));
    }
    offsets.buffer().setLong((long) size << 3, rowsEnd);
    hashes.buffer().setLong((long) size << 3, hash);
    rowsEnd += bytes;
    return size++;
  }

  private long offset(int id) {
    return offsets.buffer().getLong((long) id << 3);
  }

  private void reserve(int more) {
    long keysAfter = (long) size + more;
    offsets.ensure(keysAfter << 3);
    hashes.ensure(keysAfter << 3);
    if (slotsLog > 0 && keysAfter * 3 <= 2L << slotsLog) {
      return;
    }
    if (keysAfter > MAX_GROUPS) {
      throw tooManyGroups();
    }
    int log = Math.max(FIRST_SLOTS_LOG, slotsLog);
    while (keysAfter * 3 > 2L << log) {
      log++;
    }
    GrowingBuffer larger = new GrowingBuffer(allocator);
    ArrowBuf table = larger.ensure(8L << log);
    slots.close();
    slots = larger;
    slotsLog = log;
    long mask = (1L << log) - 1;
    for (int id = 0; id < size; id++) {
      long hash = hash(id);
      long slot = hash >>> (64 - log);
      while (table.getLong(slot << 3) != 0) {
        slot = (slot + 1) & mask;
      }
      table.setLong(slot << 3, (hash << 32) | (id + 1));
    }
  }

  @Override
  public long hash(int id) {
    return hashes.buffer().getLong((long) id << 3);
  }

  @Override
  public FieldVector keys(int column, int from, int count, BufferAllocator target) {
    long[] starts = new long[count];
    for (int i = 0; i < count; i++) {
      starts[i] = offset(from + i);
    }
    return KeyRows.decode(layout, column, rows.buffer(), starts, count, target);
  }

  @Override
  public long bytes() {
    return rows.capacity() + offsets.capacity() + hashes.capacity() + slots.capacity();
  }

  @Override
  public void close() {
    rows.close();
    offsets.close();
    hashes.close();
    slots.close();
  }
}
