package io.sluice.engine.online;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.StampedLock;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of some of a table's keys: a hash table of addresses by linear probing. Of each key it
 * keeps the greatest row that is due and all that are not yet, greatest first; rows are ordered by
 * event time, commit sequence and row id. Merging a row again, or rows in another order, gives the
 * same state.
 *
 * <p>A key is: its hash (8 bytes), the address of its greatest row (4), its length (4), its bytes.
 * A row is: time (8), sequence (8), row id (8), the address of the next smaller row (4), its length
 * (4), its bytes.
 */
final class Share implements AutoCloseable {
  private static final int KEY_HEAD = 8;
  private static final int KEY_LENGTH = 12;
  private static final int KEY_BYTES = 16;
  private static final int ROW_SEQUENCE = 8;
  private static final int ROW_ID = 16;
  private static final int ROW_NEXT = 24;
  private static final int ROW_LENGTH = 28;
  private static final int ROW_BYTES = 32;
  private static final int FIRST_SLOTS = 16;
  private static final long LEAST_GARBAGE = 1 << 16;

  /** Of the memory that is held, one in so many parts. */
  private static final long LEAST_SWEPT_PART = 4;

  private final StampedLock lock = new StampedLock();
  private final BufferAllocator allocator;
  private RowArena arena;
  private @Nullable ArrowBuf slots;
  private int slotCount;
  private int keys;
  private long garbage;
  private boolean closed;

  Share(BufferAllocator allocator) {
    this.allocator = allocator;
    this.arena = new RowArena(allocator);
  }

  int keys() {
    return keys;
  }

  long bytes() {
    return arena.bytes() + ((long) slotCount << 2);
  }

  /**
   * Adds a row.
   *
   * @param due the latest time that is due for every query
   * @param gone the latest time whose rows have expired for every query
   */
  void merge(
      EncodedRows keyRows,
      EncodedRows valueRows,
      int row,
      long hash,
      long time,
      long sequence,
      long rowId,
      long due,
      long gone) {
    long stamp = lock.writeLock();
    try {
      if (closed) {
        return;
      }
      int key = findOrAdd(keyRows, row, hash);
      insert(key, valueRows, row, time, sequence, rowId, due);
      if (garbage > LEAST_GARBAGE && garbage * 2 > arena.bytes()) {
        compact(gone);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private int findOrAdd(EncodedRows keyRows, int row, long hash) {
    if (keys * 3L >= slotCount * 2L) {
      growSlots();
    }
    ArrowBuf table = table();
    int mask = slotCount - 1;
    int slot = (int) hash & mask;
    for (; ; slot = (slot + 1) & mask) {
      int address = table.getInt((long) slot << 2);
      if (address == 0) {
        break;
      }
      if (isKey(address, keyRows, row, hash)) {
        return address;
      }
    }
    int length = keyRows.length(row);
    int address = arena.allocate(KEY_BYTES + length);
    ArrowBuf chunk = arena.chunk(address);
    long at = RowArena.offset(address);
    chunk.setLong(at, hash);
    chunk.setInt(at + KEY_HEAD, 0);
    chunk.setInt(at + KEY_LENGTH, length);
    chunk.setBytes(at + KEY_BYTES, keyRows.bytes(), keyRows.start(row), length);
    table.setInt((long) slot << 2, address);
    keys++;
    return address;
  }

  private boolean isKey(int address, EncodedRows keyRows, int row, long hash) {
    ArrowBuf chunk = arena.chunk(address);
    long at = RowArena.offset(address);
    int length = keyRows.length(row);
    if (chunk.getLong(at) != hash || chunk.getInt(at + KEY_LENGTH) != length) {
      return false;
    }
    byte[] bytes = keyRows.bytes();
    int from = keyRows.start(row);
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      if (chunk.getLong(at + KEY_BYTES + i) != LittleEndian.getLong(bytes, from + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (chunk.getByte(at + KEY_BYTES + i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  private ArrowBuf table() {
    return Objects.requireNonNull(slots);
  }

  private void growSlots() {
    int larger = Math.max(FIRST_SLOTS, Math.multiplyExact(slotCount, 2));
    place(arena, addresses(), larger);
  }

  /** Of all keys. */
  private int[] addresses() {
    int[] found = new int[keys];
    int count = 0;
    for (int slot = 0; slot < slotCount; slot++) {
      int address = table().getInt((long) slot << 2);
      if (address != 0) {
        found[count++] = address;
      }
    }
    return found;
  }

  /** Makes a table of so many slots for the keys at these addresses. */
  private void place(RowArena rows, int[] addresses, int count) {
    ArrowBuf table = allocator.buffer((long) count << 2);
    table.setZero(0, (long) count << 2);
    int mask = count - 1;
    for (int address : addresses) {
      int slot = (int) rows.chunk(address).getLong(RowArena.offset(address)) & mask;
      while (table.getInt((long) slot << 2) != 0) {
        slot = (slot + 1) & mask;
      }
      table.setInt((long) slot << 2, address);
    }
    ArrowBuf old = slots;
    slots = table;
    slotCount = count;
    if (old != null) {
      old.close();
    }
  }

  /** Puts a row among those of its key, and drops what it, or time, has made useless. */
  private void insert(
      int key, EncodedRows valueRows, int row, long time, long sequence, long rowId, long due) {
    int before = 0;
    int next = head(key);
    while (next != 0) {
      int order = compare(next, time, sequence, rowId);
      if (order == 0 || (order > 0 && time(next) <= due)) {
        return;
      }
      if (order < 0) {
        break;
      }
      before = next;
      next = next(next);
    }
    int length = valueRows.length(row);
    // where the new row is due, all that are smaller have had their time
    int kept = time <= due ? 0 : next;
    int address;
    if (kept == 0 && next != 0 && RowArena.padded(length(next)) == RowArena.padded(length)) {
      address = next;
      drop(next(next));
    } else {
      address = arena.allocate(ROW_BYTES + length);
      if (kept == 0) {
        drop(next);
      }
    }
    ArrowBuf chunk = arena.chunk(address);
    long at = RowArena.offset(address);
    chunk.setLong(at, time);
    chunk.setLong(at + ROW_SEQUENCE, sequence);
    chunk.setLong(at + ROW_ID, rowId);
    chunk.setInt(at + ROW_NEXT, kept);
    chunk.setInt(at + ROW_LENGTH, length);
    chunk.setBytes(at + ROW_BYTES, valueRows.bytes(), valueRows.start(row), length);
    if (before == 0) {
      arena.chunk(key).setInt(RowArena.offset(key) + KEY_HEAD, address);
    } else {
      arena.chunk(before).setInt(RowArena.offset(before) + ROW_NEXT, address);
    }
    if (kept != 0) {
      prune(kept, due);
    }
  }

  /** Drops what lies behind the first row that is due. */
  private void prune(int from, long due) {
    for (int row = from; row != 0; row = next(row)) {
      if (time(row) <= due) {
        drop(next(row));
        arena.chunk(row).setInt(RowArena.offset(row) + ROW_NEXT, 0);
        return;
      }
    }
  }

  private void drop(int first) {
    for (int row = first; row != 0; row = next(row)) {
      garbage += ROW_BYTES + RowArena.padded(length(row));
    }
  }

  private int head(int key) {
    return arena.chunk(key).getInt(RowArena.offset(key) + KEY_HEAD);
  }

  private int next(int row) {
    return arena.chunk(row).getInt(RowArena.offset(row) + ROW_NEXT);
  }

  private int length(int row) {
    return arena.chunk(row).getInt(RowArena.offset(row) + ROW_LENGTH);
  }

  private long time(int row) {
    return arena.chunk(row).getLong(RowArena.offset(row));
  }

  private int compare(int row, long time, long sequence, long rowId) {
    ArrowBuf chunk = arena.chunk(row);
    long at = RowArena.offset(row);
    int order = Long.compare(chunk.getLong(at), time);
    if (order == 0) {
      order = Long.compare(chunk.getLong(at + ROW_SEQUENCE), sequence);
    }
    return order == 0 ? Long.compare(chunk.getLong(at + ROW_ID), rowId) : order;
  }

  /**
   * Frees what nobody will ask for any more where that is much of what is held. Looking for it
   * keeps no reader waiting.
   *
   * @param gone the latest time whose rows have expired for every query
   */
  void sweep(long gone) {
    long looking = lock.readLock();
    boolean worthwhile;
    try {
      worthwhile = !closed && (goneBytes(gone) + garbage) * LEAST_SWEPT_PART > arena.usedBytes();
    } finally {
      lock.unlockRead(looking);
    }
    if (!worthwhile) {
      return;
    }
    long stamp = lock.writeLock();
    try {
      if (!closed) {
        compact(gone);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private long goneBytes(long gone) {
    long bytes = 0;
    for (int key : addresses()) {
      int row = head(key);
      if (isGone(row, gone)) {
        int length = arena.chunk(key).getInt(RowArena.offset(key) + KEY_LENGTH);
        bytes += KEY_BYTES + RowArena.padded(length);
      }
      for (; row != 0; row = next(row)) {
        bytes += isGone(row, gone) ? ROW_BYTES + RowArena.padded(length(row)) : 0;
      }
    }
    return bytes;
  }

  private boolean isGone(int row, long gone) {
    return row == 0 || time(row) <= gone;
  }

  /**
   * Copies what counts, or may yet, into memory of its own; keys without such rows are left out.
   */
  private void compact(long gone) {
    RowArena fresh = new RowArena(allocator);
    try {
      int[] kept = new int[keys];
      int count = 0;
      for (int key : addresses()) {
        if (!isGone(head(key), gone)) {
          kept[count++] = copy(key, gone, fresh);
        }
      }
      int fitting = FIRST_SLOTS;
      while (count * 3L >= fitting * 2L) {
        fitting = Math.multiplyExact(fitting, 2);
      }
      place(fresh, Arrays.copyOf(kept, count), fitting);
      keys = count;
    } catch (RuntimeException | Error failure) {
      fresh.close();
      throw failure;
    }
    arena.close();
    arena = fresh;
    garbage = 0;
  }

  /** Copies a key and its rows, greatest first, until the first that is gone. */
  private int copy(int key, long gone, RowArena to) {
    int keyLength = arena.chunk(key).getInt(RowArena.offset(key) + KEY_LENGTH);
    int copy = copy(key, KEY_BYTES + keyLength, to);
    int last = 0;
    for (int row = head(key); !isGone(row, gone); row = next(row)) {
      int address = copy(row, ROW_BYTES + length(row), to);
      if (last == 0) {
        to.chunk(copy).setInt(RowArena.offset(copy) + KEY_HEAD, address);
      } else {
        to.chunk(last).setInt(RowArena.offset(last) + ROW_NEXT, address);
      }
      last = address;
    }
    if (last != 0) {
      to.chunk(last).setInt(RowArena.offset(last) + ROW_NEXT, 0);
    }
    return copy;
  }

  private int copy(int address, int length, RowArena to) {
    int copy = to.allocate(length);
    to.chunk(copy)
        .setBytes(RowArena.offset(copy), arena.chunk(address), RowArena.offset(address), length);
    return copy;
  }

  /**
   * Appends the row that counts for a key, or nothing where there is none.
   *
   * @return whether this is still open; otherwise nothing was appended
   */
  boolean read(
      EncodedRows keyRows, int row, long hash, long due, long expired, EncodedRows values) {
    long stamp = lock.readLock();
    try {
      if (closed) {
        return false;
      }
      int key = keys == 0 ? 0 : find(keyRows, row, hash);
      int counting = key == 0 ? 0 : counting(key, due, expired);
      if (counting == 0) {
        values.append(0);
      } else {
        appendBytes(counting, ROW_BYTES, length(counting), values);
      }
      return true;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  private int find(EncodedRows keyRows, int row, long hash) {
    ArrowBuf table = table();
    int mask = slotCount - 1;
    for (int slot = (int) hash & mask; ; slot = (slot + 1) & mask) {
      int address = table.getInt((long) slot << 2);
      if (address == 0 || isKey(address, keyRows, row, hash)) {
        return address;
      }
    }
  }

  /** The greatest row that is due, where it has not expired; else 0. */
  private int counting(int key, long due, long expired) {
    int row = head(key);
    while (row != 0 && time(row) > due) {
      row = next(row);
    }
    return row != 0 && time(row) > expired ? row : 0;
  }

  private void appendBytes(int address, int from, int length, EncodedRows to) {
    int at = to.append(length);
    arena.chunk(address).getBytes(RowArena.offset(address) + from, to.bytes(), at, length);
  }

  /**
   * Appends all keys and the rows that count for them, as of one moment.
   *
   * @return whether this is still open; otherwise nothing was appended
   */
  boolean scan(long due, long expired, EncodedRows keyRows, EncodedRows rows) {
    long stamp = lock.readLock();
    try {
      if (closed) {
        return false;
      }
      for (int key : addresses()) {
        int counting = counting(key, due, expired);
        if (counting != 0) {
          int keyLength = arena.chunk(key).getInt(RowArena.offset(key) + KEY_LENGTH);
          appendBytes(key, KEY_BYTES, keyLength, keyRows);
          appendBytes(counting, ROW_BYTES, length(counting), rows);
        }
      }
      return true;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Frees everything; who reads at the same time finds this closed. Idempotent. */
  @Override
  public void close() {
    long stamp = lock.writeLock();
    try {
      if (!closed) {
        closed = true;
        arena.close();
        keys = 0;
        ArrowBuf table = slots;
        slots = null;
        slotCount = 0;
        if (table != null) {
          table.close();
        }
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
