package io.sluice.planner.training;

import io.sluice.planner.training.VersionRecord.Column;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The text form of content hashes, {@code sluice-h1:<rows>:<sum>:<SHA-256 of the header>}. */
final class ContentHash {
  private static final int SUM_BYTES = 32;
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * SUM_BYTES);

  private ContentHash() {}

  /**
   * @param sum of the rows' hashes, 32 bytes, big-endian
   * @param columns all that are hashed, in order
   */
  static String of(long rows, byte[] sum, List<Column> columns) {
    return "sluice-h1:"
        + rows
        + ":"
        + HexFormat.of().formatHex(sum)
        + ":"
        + HexFormat.of().formatHex(header(columns));
  }

  /** The sum of disjoint sets of rows. */
  static byte[] sum(List<byte[]> sums) {
    BigInteger total = BigInteger.ZERO;
    for (byte[] sum : sums) {
      total = total.add(new BigInteger(1, sum)).mod(MODULUS);
    }
    byte[] bytes = total.toByteArray();
    byte[] padded = new byte[SUM_BYTES];
    int length = Math.min(bytes.length, SUM_BYTES);
    System.arraycopy(bytes, bytes.length - length, padded, SUM_BYTES - length, length);
    return padded;
  }

  private static byte[] header(List<Column> columns) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Column column : columns) {
      write(out, column.name());
      write(out, column.type().toUpperCase(Locale.ROOT));
    }
    try {
      return MessageDigest.getInstance("SHA-256").digest(out.toByteArray());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.length)
            .array());
    out.writeBytes(bytes);
  }
}
