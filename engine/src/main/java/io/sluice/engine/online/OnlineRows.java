package io.sluice.engine.online;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The rows of one load of an online table, in {@value #SHARES} shares by the hash of the key, of
 * which a process may hold some only. Readers and writers work side by side.
 */
public final class OnlineRows implements AutoCloseable {
  /** A share is held or not as a whole; the same number in every process. */
  public static final int SHARES = 256;

  /**
   * A row is kept until the one that takes its place has been due for so long, or it has been
   * expired: queries that began before still look for it.
   */
  private static final long SLOWEST_QUERY_MICROS = 60_000_000;

  private static final int SHARE_SHIFT = Long.SIZE - 8;

  private final BufferAllocator allocator;
  private final List<Share> shares = new ArrayList<>(SHARES);
  private final BitSet held;
  private final RowTime time;

  /**
   * Takes ownership of the allocator.
   *
   * @param held the shares that are kept here
   */
  OnlineRows(RowTime time, BitSet held, BufferAllocator allocator) {
    this.time = time;
    this.held = (BitSet) held.clone();
    this.allocator = allocator;
    for (int i = 0; i < SHARES; i++) {
      shares.add(new Share(allocator));
    }
  }

  static int shareOf(long hash) {
    return (int) (hash >>> SHARE_SHIFT);
  }

  /** Whether rows of these shares are kept here. */
  boolean holds(BitSet wanted) {
    BitSet missing = (BitSet) wanted.clone();
    missing.andNot(held);
    return missing.isEmpty();
  }

  boolean holds(int share) {
    return held.get(share);
  }

  /** Adds rows of shares that are kept here; others are dropped. Safe for several threads. */
  void merge(EncodedRows keys, EncodedRows values, RowRanks ranks, long nowMicros) {
    long due = time.due(nowMicros - SLOWEST_QUERY_MICROS);
    long gone = time.expired(nowMicros - SLOWEST_QUERY_MICROS);
    long expired = time.expired(nowMicros);
    for (int i = 0; i < keys.count(); i++) {
      if (ranks.isAbsent(i) || ranks.time(i) <= expired) {
        continue;
      }
      long hash = keys.hash(i);
      int share = shareOf(hash);
      if (held.get(share)) {
        shares
            .get(share)
            .merge(
                keys, values, i, hash, ranks.time(i), ranks.sequence(i), ranks.rowId(i), due, gone);
      }
    }
  }

  /** How long rows count, in micros; empty where they do not expire. */
  OptionalLong lifeMicros() {
    return time.ttlUnits() < 0
        ? OptionalLong.empty()
        : OptionalLong.of(time.ttlUnits() / time.unitsPerMicro());
  }

  /** Frees what has expired for every query, share by share, where that is worth it. */
  void sweep(long nowMicros) {
    if (lifeMicros().isPresent()) {
      long gone = time.expired(nowMicros - SLOWEST_QUERY_MICROS);
      shares.forEach(share -> share.sweep(gone));
    }
  }

  /**
   * Appends the row of a key that counts at an instant, or an empty one.
   *
   * @return false, and nothing appended, where this is closed
   */
  boolean read(EncodedRows keys, int row, long hash, long nowMicros, EncodedRows values) {
    return shares
        .get(shareOf(hash))
        .read(keys, row, hash, time.due(nowMicros), time.expired(nowMicros), values);
  }

  /** As {@link Share#scan}. */
  boolean scan(int share, long nowMicros, EncodedRows keys, EncodedRows values) {
    return shares.get(share).scan(time.due(nowMicros), time.expired(nowMicros), keys, values);
  }

  /** Keys of one share, as {@link #keys}. */
  int keys(int share) {
    return shares.get(share).keys();
  }

  /** Keys that there are rows of, due or not. */
  long keys() {
    return shares.stream().mapToLong(Share::keys).sum();
  }

  long bytes() {
    return shares.stream().mapToLong(Share::bytes).sum();
  }

  @Override
  public void close() {
    shares.forEach(Share::close);
    allocator.close();
  }
}
