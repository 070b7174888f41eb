package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.Arrays;

/**
 * Rows as bytes, one behind the other: keys, or values in the order of keys, where one without
 * bytes is missing. Written by one thread, then read by any.
 */
public final class EncodedRows {
  private static final int MAX = Integer.MAX_VALUE - 16;

  private byte[] bytes;
  private int[] ends;
  private int count;

  EncodedRows(int rows, int size) {
    this.bytes = new byte[size];
    this.ends = new int[Math.max(1, rows)];
  }

  /**
   * Takes over what another process has sent.
   *
   * @param ends where each row ends within {@code bytes}
   */
  public EncodedRows(byte[] bytes, int[] ends) {
    this.bytes = bytes;
    this.ends = ends;
    this.count = ends.length;
  }

  public int count() {
    return count;
  }

  /** All rows. Not copied. */
  public byte[] bytes() {
    return bytes;
  }

  int start(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  int end(int row) {
    return ends[row];
  }

  int length(int row) {
    return end(row) - start(row);
  }

  /** Whether there is nothing for the key of that number. */
  public boolean isMissing(int row) {
    return length(row) == 0;
  }

  /** Bytes of all rows. */
  public int size() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /** Copies of the bytes and ends that are in use, to be sent. */
  public byte[] usedBytes() {
    return Arrays.copyOf(bytes, size());
  }

  /** Where each row ends. */
  public int[] usedEnds() {
    return Arrays.copyOf(ends, count);
  }

  /** Makes room for a further row at the end. */
  int append(int length) {
    int start = size();
    if (length > MAX - start) {
      throw new EngineException(
          ErrorCode.MEMORY_LIMIT,
          "the rows that are looked up for one batch of keys have more than 2 GB: ask for fewer"
              + " keys at once");
    }
    int end = start + length;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, (int) Math.min(2L * bytes.length, MAX)));
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = end;
    return start;
  }

  /** Appends a row of others. */
  public void append(EncodedRows from, int row) {
    int length = from.length(row);
    int at = append(length);
    System.arraycopy(from.bytes, from.start(row), bytes, at, length);
  }

  /** Rows to be filled: an empty sequence with room for that many. */
  public static EncodedRows ofRoom(int rows) {
    return new EncodedRows(rows, 64 * Math.max(1, rows));
  }

  /** Prepares for rows of the lengths that {@code ends} holds as yet; bytes are zeros then. */
  void reset(int rows) {
    count = rows;
    if (ends.length < rows) {
      ends = new int[Math.max(rows, 2 * ends.length)];
    }
  }

  int[] lengths() {
    return ends;
  }

  void place() {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += ends[i];
      ends[i] = Math.toIntExact(total);
    }
    if (bytes.length < total) {
      bytes = new byte[(int) Math.max(total, Math.min(2L * bytes.length, MAX))];
    } else {
      Arrays.fill(bytes, 0, (int) total, (byte) 0);
    }
  }

  /** The share that a key belongs to. */
  public int share(int row) {
    return OnlineRows.shareOf(hash(row));
  }

  /** A number that spreads keys evenly, the same in every process. */
  long hash(int row) {
    return hash(bytes, start(row), end(row));
  }

  static long hash(byte[] bytes, int from, int to) {
    long hash = 0x9E3779B97F4A7C15L ^ (to - from);
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = mixed(hash ^ LittleEndian.getLong(bytes, at));
    }
    if (at < to) {
      long rest = 0;
      for (int shift = 0; at < to; at++, shift += Byte.SIZE) {
        rest |= (bytes[at] & 0xFFL) << shift;
      }
      hash = mixed(hash ^ rest);
    }
    return hash;
  }

  /** The finalizer of MurmurHash3 (public domain, Austin Appleby). */
  private static long mixed(long value) {
    long x = value;
    x = (x ^ (x >>> 33)) * 0xFF51AFD7ED558CCDL;
    x = (x ^ (x >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return x ^ (x >>> 33);
  }
}
