package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.arrow.memory.ArrowBuf;

/** What string functions do to one value; ASCII takes a way of its own where that is faster. */
public final class TextEditing {
  /** Longer results are refused: they are a mistake, and would take all memory. */
  private static final int MAX_LENGTH = 1 << 28;

  private TextEditing() {}

  public static void append(Values text, int row, TextSink out) {
    int start = text.start(row);
    out.append(text.data(), start, text.end(row) - start);
  }

  private static void append(String text, TextSink out) {
    out.append(text.getBytes(StandardCharsets.UTF_8));
  }

  public static void upper(Values text, int row, TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    if (!Bytes.isAscii(data, start, end)) {
      append(Bytes.string(text, row).toUpperCase(Locale.ROOT), out);
      return;
    }
    out.appendFolded(data, start, end - start, 'a');
  }

  public static void lower(Values text, int row, TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    if (!Bytes.isAscii(data, start, end)) {
      append(Bytes.string(text, row).toLowerCase(Locale.ROOT), out);
      return;
    }
    out.appendFolded(data, start, end - start, 'A');
  }

  public static void initcap(Values text, int row, TextSink out) {
    String value = Bytes.string(text, row);
    StringBuilder result = new StringBuilder(value.length());
    boolean inWord = false;
    for (int i = 0; i < value.length(); ) {
      int point = value.codePointAt(i);
      i += Character.charCount(point);
      result.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
      inWord = Character.isLetterOrDigit(point);
    }
    append(result.toString(), out);
  }

  public static void reverse(Values text, int row, TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int at = text.end(row);
    while (at > start) {
      int before = Bytes.previous(data, start, at);
      out.append(data, before, at - before);
      at = before;
    }
  }

  public static void trimSpaces(Values text, int row, boolean left, boolean right, TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    while (left && start < end && data.getByte(start) == ' ') {
      start++;
    }
    while (right && end > start && data.getByte(end - 1) == ' ') {
      end--;
    }
    out.append(data, start, end - start);
  }

  public static void trim(
      Values text,
      int row,
      Values characters,
      int charactersRow,
      boolean left,
      boolean right,
      TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    while (left && start < end) {
      int next = Bytes.next(data, start, end);
      if (!holds(characters, charactersRow, data, start, next)) {
        break;
      }
      start = next;
    }
    while (right && end > start) {
      int before = Bytes.previous(data, start, end);
      if (!holds(characters, charactersRow, data, before, end)) {
        break;
      }
      end = before;
    }
    out.append(data, start, end - start);
  }

  private static boolean holds(Values set, int row, ArrowBuf data, int start, int end) {
    int limit = set.end(row);
    for (int at = set.start(row); at < limit; ) {
      int next = Bytes.next(set.data(), at, limit);
      if (Bytes.equal(data, start, end, set.data(), at, next)) {
        return true;
      }
      at = next;
    }
    return false;
  }

  /** SQL's rule: the positions are {@code from} to {@code from + length - 1}, where they exist. */
  public static void substring(Values text, int row, long from, long length, TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    long skip = Math.max(from, 1) - 1;
    // Positions before the first use up the length.
    long lost = from < 1 ? 1 - Math.max(from, -Long.MAX_VALUE / 2) : 0;
    long take = length == Long.MAX_VALUE ? length : Math.max(0, length - lost);
    int first = Bytes.advance(data, start, end, skip);
    int last = take >= end - first ? end : Bytes.advance(data, first, end, take);
    out.append(data, first, last - first);
  }

  public static void side(Values text, int row, long n, boolean left, TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    long points = n < 0 || !left ? Bytes.codePoints(data, start, end) : 0;
    if (left) {
      int cut = Bytes.advance(data, start, end, n >= 0 ? n : Math.max(0, points + n));
      out.append(data, start, cut - start);
    } else {
      long skip = n >= 0 ? Math.max(0, points - n) : n == Long.MIN_VALUE ? points : -n;
      int cut = Bytes.advance(data, start, end, skip);
      out.append(data, cut, end - cut);
    }
  }

  public static void splitPart(Values text, int row, byte[] separator, long n, TextSink out) {
    if (n == 0) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "split_part counts from 1, or from -1 at the end, not 0");
    }
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    long wanted = n;
    if (n < 0) {
      long parts = 1;
      for (int at = start; separator.length > 0; parts++) {
        int found = Bytes.indexOf(data, at, end, separator);
        if (found < 0) {
          break;
        }
        at = found + separator.length;
      }
      wanted = parts + n + 1;
    }
    int at = start;
    for (long part = 1; wanted > 0; part++) {
      int found = separator.length == 0 ? -1 : Bytes.indexOf(data, at, end, separator);
      if (part == wanted) {
        out.append(data, at, (found < 0 ? end : found) - at);
        return;
      }
      if (found < 0) {
        return;
      }
      at = found + separator.length;
    }
  }

  /** The position of a string, from 1, or 0. */
  public static long position(Values text, int row, byte[] wanted) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int found = Bytes.indexOf(data, start, text.end(row), wanted);
    return found < 0 ? 0 : Bytes.codePoints(data, start, found) + 1L;
  }

  public static void replace(Values text, int row, byte[] from, byte[] to, TextSink out) {
    ArrowBuf data = text.data();
    int at = text.start(row);
    int end = text.end(row);
    while (from.length > 0) {
      int found = Bytes.indexOf(data, at, end, from);
      if (found < 0) {
        break;
      }
      out.append(data, at, found - at);
      out.append(to);
      at = found + from.length;
    }
    out.append(data, at, end - at);
  }

  public static void translate(String text, String from, String to, TextSink out) {
    int[] source = from.codePoints().toArray();
    int[] target = to.codePoints().toArray();
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      int index = 0;
      while (index < source.length && source[index] != point) {
        index++;
      }
      if (index == source.length) {
        result.appendCodePoint(point);
      } else if (index < target.length) {
        result.appendCodePoint(target[index]);
      }
    }
    append(result.toString(), out);
  }

  public static void repeat(byte[] text, long times, TextSink out) {
    if (times > 0 && text.length > 0) {
      checkLength(times > MAX_LENGTH ? times : times * text.length);
      for (long i = 0; i < times; i++) {
        out.append(text);
      }
    }
  }

  public static void pad(Values text, int row, long n, byte[] fill, boolean left, TextSink out) {
    ArrowBuf data = text.data();
    int start = text.start(row);
    int end = text.end(row);
    long points = Bytes.codePoints(data, start, end);
    if (points >= n || fill.length == 0) {
      int cut = Bytes.advance(data, start, end, Math.max(0, n));
      out.append(data, start, cut - start);
      return;
    }
    checkLength(n);
    if (!left) {
      out.append(data, start, end - start);
    }
    int[] filling = new String(fill, StandardCharsets.UTF_8).codePoints().toArray();
    StringBuilder padding = new StringBuilder();
    for (long i = 0; i < n - points; i++) {
      padding.appendCodePoint(filling[(int) (i % filling.length)]);
    }
    append(padding.toString(), out);
    if (left) {
      out.append(data, start, end - start);
    }
  }

  private static void checkLength(long length) {
    if (length > MAX_LENGTH) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "a string of " + length + " bytes is longer than " + MAX_LENGTH);
    }
  }

  public static void character(long point, TextSink out) {
    if (point < 1 || point > Character.MAX_CODE_POINT || (point >= 0xD800 && point <= 0xDFFF)) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, point + " is not the code point of a character");
    }
    append(Character.toString((int) point), out);
  }

  public static long firstPoint(Values text, int row) {
    int start = text.start(row);
    int end = text.end(row);
    if (start == end) {
      return 0;
    }
    int next = Bytes.next(text.data(), start, end);
    return new String(Bytes.copy(text.data(), start, next), StandardCharsets.UTF_8).codePointAt(0);
  }

  public static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  public static byte[] hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
  }

  public static byte[] fromHex(String digits) {
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException invalid) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "'" + digits + "' is not pairs of hexadecimal digits",
          invalid);
    }
  }
}
