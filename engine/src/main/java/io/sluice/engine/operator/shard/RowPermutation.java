package io.sluice.engine.operator.shard;

import io.sluice.engine.plan.Shuffle;

/**
 * A permutation of 0 to n - 1 that is computed row by row, in no memory: a balanced Feistel network
 * over the least even number of bits that holds n, whose results outside 0 to n - 1 are put through
 * it again (cycle walking; Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA
 * 2002). The domain is below 4n, so four passes are enough on average.
 *
 * <p>Round r maps (left, right) to (right, left xor the low bits of mix(right xor key r)). mix is
 * the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014); key r is mix(mix(mix(seed + G) xor (epoch + G)) + (r + 1) G) with G
 * the golden ratio, 0x9e3779b97f4a7c15. The same seed, epoch and n give the same permutation in
 * every release.
 */
public final class RowPermutation {
  private static final int ROUNDS = 6;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long rows;
  private final int half;
  private final long mask;
  private final long[] keys = new long[ROUNDS];

  /** The permutation of as many rows as the shuffle says. */
  public RowPermutation(Shuffle shuffle) {
    assert shuffle.rows() >= 0 : shuffle;
    this.rows = shuffle.rows();
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, rows - 1));
    this.half = (bits + 1) / 2;
    this.mask = (1L << half) - 1;
    long state = mix(mix(shuffle.seed() + GOLDEN) ^ (shuffle.epoch() + GOLDEN));
    for (int r = 0; r < ROUNDS; r++) {
      keys[r] = mix(state + (r + 1) * GOLDEN);
    }
  }

  /** Where row {@code k} comes to stand. */
  public long at(long k) {
    assert k >= 0 && k < rows : k + " of " + rows;
    long position = k;
    do {
      position = encrypt(position);
    } while (position >= rows);
    return position;
  }

  private long encrypt(long value) {
    long left = value >>> half;
    long right = value & mask;
    for (long key : keys) {
      long next = left ^ (mix(right ^ key) & mask);
      left = right;
      right = next;
    }
    return left << half | right;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
