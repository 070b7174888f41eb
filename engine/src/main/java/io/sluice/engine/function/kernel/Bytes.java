package io.sluice.engine.function.kernel;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;

/** Byte strings in buffers, from {@code start} to {@code end} (exclusive), and their UTF-8. */
public final class Bytes {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Bytes() {}

  /** The order of unsigned bytes; a prefix comes first. */
  public static int compare(ArrowBuf x, int startX, int endX, ArrowBuf y, int startY, int endY) {
    int lengthX = endX - startX;
    int lengthY = endY - startY;
    int common = Math.min(lengthX, lengthY);
    int i = 0;
    for (; i + 8 <= common; i += 8) {
      long a = x.getLong(startX + i);
      long b = y.getLong(startY + i);
      if (a != b) {
        return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
      }
    }
    for (; i < common; i++) {
      int difference = (x.getByte(startX + i) & 0xff) - (y.getByte(startY + i) & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return lengthX - lengthY;
  }

  public static boolean equal(ArrowBuf x, int startX, int endX, ArrowBuf y, int startY, int endY) {
    int length = endX - startX;
    return length == endY - startY && matches(x, startX, y, startY, length);
  }

  /** Whether {@code length} bytes are the same. */
  public static boolean matches(ArrowBuf x, int startX, ArrowBuf y, int startY, int length) {
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      if (x.getLong(startX + i) != y.getLong(startY + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (x.getByte(startX + i) != y.getByte(startY + i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the bytes at {@code start} are {@code wanted}; the caller checks the length. */
  public static boolean matches(ArrowBuf x, int start, byte[] wanted, int from, int length) {
    for (int i = 0; i < length; i++) {
      if (x.getByte(start + i) != wanted[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** The first position at or after {@code start} where {@code wanted} stands, or -1. */
  public static int indexOf(ArrowBuf x, int start, int end, byte[] wanted) {
    int length = wanted.length;
    if (length == 0) {
      return start;
    }
    int last = end - length;
    long first = (wanted[0] & 0xffL) * ONES;
    int i = start;
    // Eight places at a time: a byte that is zero in the difference is one of wanted's first.
    while (i <= last - 7) {
      long difference = x.getLong(i) ^ first;
      long hits = (difference - ONES) & ~difference & HIGH_BITS;
      while (hits != 0) {
        int at = i + (Long.numberOfTrailingZeros(hits) >>> 3);
        if (matches(x, at, wanted, 0, length)) {
          return at;
        }
        hits &= hits - 1;
      }
      i += 8;
    }
    for (; i <= last; i++) {
      if (matches(x, i, wanted, 0, length)) {
        return i;
      }
    }
    return -1;
  }

  public static byte[] copy(ArrowBuf x, int start, int end) {
    byte[] bytes = new byte[end - start];
    x.getBytes(start, bytes);
    return bytes;
  }

  public static byte[] copy(Values values, int row) {
    return copy(values.data(), values.start(row), values.end(row));
  }

  public static String string(Values values, int row) {
    return new String(copy(values, row), StandardCharsets.UTF_8);
  }

  public static boolean isAscii(ArrowBuf x, int start, int end) {
    int i = start;
    for (; i + 8 <= end; i += 8) {
      if ((x.getLong(i) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; i < end; i++) {
      if (x.getByte(i) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Code points: every byte that does not continue one. */
  public static int codePoints(ArrowBuf x, int start, int end) {
    int continuing = 0;
    int i = start;
    for (; i + 8 <= end; i += 8) {
      // 10xxxxxx: the highest bit is set and the next one is not.
      long word = x.getLong(i);
      continuing += Long.bitCount(word & ~(word << 1) & HIGH_BITS);
    }
    for (; i < end; i++) {
      continuing += (x.getByte(i) & 0xc0) == 0x80 ? 1 : 0;
    }
    return end - start - continuing;
  }

  /** The position after {@code points} code points, at most {@code end}. */
  public static int advance(ArrowBuf x, int start, int end, long points) {
    int at = start;
    for (long left = points; left > 0 && at < end; left--) {
      at = next(x, at, end);
    }
    return at;
  }

  /** The position after the code point at {@code at}, which is before {@code end}. */
  public static int next(ArrowBuf x, int at, int end) {
    int i = at + 1;
    while (i < end && (x.getByte(i) & 0xc0) == 0x80) {
      i++;
    }
    return i;
  }

  /** The start of the code point that ends at {@code at}, which is after {@code start}. */
  public static int previous(ArrowBuf x, int start, int at) {
    int i = at - 1;
    while (i > start && (x.getByte(i) & 0xc0) == 0x80) {
      i--;
    }
    return i;
  }
}
