package io.sluice.connectors.iceberg.scan;

/** Numbers of rows within a snapshot: the file's number in row order, then the row's within it. */
public final class RowAddress {
  private static final int POSITION_BITS = 40;

  private RowAddress() {}

  static long of(int file, long position) {
    return ((long) file << POSITION_BITS) + position;
  }

  /** The number of the row's file. */
  public static int file(long address) {
    return (int) (address >>> POSITION_BITS);
  }

  /** The row's number within its file. */
  public static long position(long address) {
    return address & ((1L << POSITION_BITS) - 1);
  }
}
