package io.sluice.engine.operator.aggregate.profile;

import io.sluice.engine.memory.MemoryReservation;
import org.apache.arrow.memory.ArrowBuf;

/**
 * How many different values there are, to about 0.8 percent (standard error): HyperLogLog with 2^14
 * registers and 64-bit hashes, read by the estimator of O. Ertl, "New cardinality estimation
 * algorithms for HyperLogLog sketches", 2017, algorithm 6, which needs no tables. Equal sets of
 * values give equal estimates.
 */
final class DistinctSketch {
  private static final int BITS = 14;
  private static final int REGISTERS = 1 << BITS;
  private static final int LONGEST = 64 - BITS;

  /** 1 / (2 ln 2). */
  private static final double ALPHA = 0.7213475204444817;

  private final byte[] registers;

  DistinctSketch(MemoryReservation memory) {
    memory.add(REGISTERS);
    this.registers = new byte[REGISTERS];
  }

  /** A hash of a value: the finalizer of MurmurHash3 in D. Stafford's variant 13. */
  static long hash(long value) {
    long h = value;
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }

  /** A hash of bytes. */
  static long hash(ArrowBuf bytes, long start, int length) {
    long h = length * 0x9E3779B97F4A7C15L;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      h = (h ^ bytes.getLong(start + i)) * 0xD6E8FEB86659FD93L;
      h ^= h >>> 32;
    }
    long rest = 0;
    for (; i < length; i++) {
      rest = rest << 8 | (bytes.getByte(start + i) & 0xff);
    }
    return hash(h ^ rest);
  }

  void add(long hash) {
    int at = (int) (hash >>> LONGEST);
    byte rank = (byte) (Long.numberOfLeadingZeros(hash << BITS | 1L << (BITS - 1)) + 1);
    if (rank > registers[at]) {
      registers[at] = rank;
    }
  }

  void merge(DistinctSketch other) {
    for (int i = 0; i < REGISTERS; i++) {
      registers[i] = (byte) Math.max(registers[i], other.registers[i]);
    }
  }

  long estimate() {
    int[] counts = new int[LONGEST + 2];
    for (byte register : registers) {
      counts[register]++;
    }
    double z = REGISTERS * tau(1 - counts[LONGEST + 1] / (double) REGISTERS);
    for (int k = LONGEST; k >= 1; k--) {
      z = 0.5 * (z + counts[k]);
    }
    z += REGISTERS * sigma(counts[0] / (double) REGISTERS);
    return Math.round(ALPHA * REGISTERS * REGISTERS / z);
  }

  private static double sigma(double start) {
    if (start == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double x = start;
    double y = 1;
    double z = x;
    double before;
    do {
      x *= x;
      before = z;
      z += x * y;
      y += y;
    } while (z != before);
    return z;
  }

  private static double tau(double start) {
    if (start == 0 || start == 1) {
      return 0;
    }
    double x = start;
    double y = 1;
    double z = 1 - x;
    double before;
    do {
      x = Math.sqrt(x);
      before = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
  }
}
