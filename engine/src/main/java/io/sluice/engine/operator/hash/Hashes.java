package io.sluice.engine.operator.hash;

import org.apache.arrow.memory.ArrowBuf;

/** The one hash function of keys. Tables index by its high bits, partitions by its low bits. */
public final class Hashes {
  private static final long SEED = 0x9E3779B97F4A7C15L;
  private static final long MULTIPLIER = 0xD6E8FEB86659FD93L;

  private Hashes() {}

  /** Of a key of one word: two rounds of xor-shift and multiply. */
  public static long word(long word) {
    long h = word * SEED;
    h ^= h >>> 32;
    h *= MULTIPLIER;
    return h ^ (h >>> 32);
  }

  /** Of {@code bytes}, a multiple of 8, of a buffer. */
  public static long row(ArrowBuf buffer, long offset, long bytes) {
    long h = SEED;
    for (long at = offset; at < offset + bytes; at += 8) {
      h = (h ^ buffer.getLong(at)) * MULTIPLIER;
      h ^= h >>> 32;
    }
    h *= SEED;
    return h ^ (h >>> 29);
  }
}
