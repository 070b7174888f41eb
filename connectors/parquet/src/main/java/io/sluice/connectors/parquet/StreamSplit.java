package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.getByte;
import static org.apache.arrow.memory.util.MemoryUtil.putByte;
import static org.apache.arrow.memory.util.MemoryUtil.putInt;
import static org.apache.arrow.memory.util.MemoryUtil.putLong;

/** BYTE_STREAM_SPLIT: all first bytes, then all second bytes, and so on. */
final class StreamSplit {
  private StreamSplit() {}

  /** Puts {@code count} values of {@code width} bytes together again. */
  static void join(long from, int width, long to, int count) {
    long n = count;
    switch (width) {
      case 4 -> {
        for (int i = 0; i < count; i++) {
          long at = from + i;
          putInt(
              to + ((long) i << 2),
              (getByte(at) & 0xFF)
                  | (getByte(at + n) & 0xFF) << 8
                  | (getByte(at + 2 * n) & 0xFF) << 16
                  | getByte(at + 3 * n) << 24);
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          long at = from + i;
          long low =
              (getByte(at) & 0xFFL)
                  | (getByte(at + n) & 0xFFL) << 8
                  | (getByte(at + 2 * n) & 0xFFL) << 16
                  | (getByte(at + 3 * n) & 0xFFL) << 24;
          long high =
              (getByte(at + 4 * n) & 0xFFL)
                  | (getByte(at + 5 * n) & 0xFFL) << 8
                  | (getByte(at + 6 * n) & 0xFFL) << 16
                  | (getByte(at + 7 * n) & 0xFFL) << 24;
          putLong(to + ((long) i << 3), low | high << 32);
        }
      }
      default -> {
        for (int k = 0; k < width; k++) {
          for (int i = 0; i < count; i++) {
            putByte(to + (long) i * width + k, getByte(from + k * n + i));
          }
        }
      }
    }
  }
}
