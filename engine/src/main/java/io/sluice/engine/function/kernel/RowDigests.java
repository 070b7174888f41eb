package io.sluice.engine.function.kernel;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Kernels that give SHA-256 of the arguments' cells, or a number made of its first 8 bytes. */
public final class RowDigests implements Kernel {
  /** What is made of the digest. */
  public enum Result {
    /** All 32 bytes, of the cells alone. */
    DIGEST,
    /** The first 8 bytes as a fraction in [0, 1), of the first argument's 8 bytes and the cells. */
    UNIT,
    /** The same as a BIGINT that orders like the 8 bytes. */
    ORDER
  }

  /** Bytes of a digest. */
  public static final int BYTES = 32;

  private static final double TWO_TO_MINUS_53 = 0x1p-53;

  private final Result result;
  private final RowBytes rows;
  private final MessageDigest sha;
  private final byte[] digest = new byte[BYTES];

  public RowDigests(Result result) {
    this.result = result;
    boolean seeded = result != Result.DIGEST;
    this.rows = new RowBytes(seeded, seeded ? Long.BYTES : 0);
    try {
      this.sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public boolean takesDictionaries() {
    return true;
  }

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    int first = result == Result.DIGEST ? 0 : 1;
    for (int done = 0; done < count; ) {
      int written = rows.write(arguments, first, done, count, out);
      switch (result) {
        case DIGEST -> digests(done, written, out);
        case UNIT, ORDER -> numbers(arguments[0], done, written, out);
      }
      done += written;
    }
  }

  private void digests(int base, int count, Values out) {
    for (int i = 0; i < count; i++) {
      digest(i);
      int position = out.room(BYTES);
      out.data().setBytes(position, digest, 0, BYTES);
      out.endRow(base + i, BYTES);
    }
  }

  private void numbers(Values seeds, int base, int count, Values out) {
    for (int i = 0; i < count; i++) {
      int row = base + i;
      long at = (long) row << 3;
      if (seeds.isNull(row)) {
        out.setNull(row);
        out.data().setLong(at, 0);
        continue;
      }
      RowBytes.setLong(rows.bytes(), rows.start(i), seed(seeds, row));
      digest(i);
      long head = RowBytes.bigEndian(digest);
      if (result == Result.UNIT) {
        // of 64 bits a double takes the upper 53, so that no fraction is rounded up to 1
        out.data().setDouble(at, (head >>> 11) * TWO_TO_MINUS_53);
      } else {
        out.data().setLong(at, head ^ Long.MIN_VALUE);
      }
    }
  }

  private static long seed(Values seeds, int row) {
    if (seeds.isDictionary()) {
      long index = seeds.data().getInt((long) row << 2);
      return seeds.dictionary().values().getDataBuffer().getLong(index << 3);
    }
    return seeds.data().getLong(seeds.isConstant() ? 0 : (long) row << 3);
  }

  private void digest(int i) {
    int start = rows.start(i);
    sha.update(rows.bytes(), start, rows.end(i) - start);
    try {
      sha.digest(digest, 0, BYTES);
    } catch (DigestException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
