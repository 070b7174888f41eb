package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;

/** Collects the bytes of one VARCHAR or VARBINARY result after the other. */
public final class TextSink {
  private final Values out;
  private int row;
  private int length;
  private int position;

  public TextSink(Values out) {
    this.out = out;
  }

  static EngineException tooLong(long bytes) {
    return new EngineException(
        ErrorCode.NUMERIC_OVERFLOW,
        "strings of one batch would take " + bytes + " bytes, more than 2,147,483,647");
  }

  /** Starts row {@code row}; rows come in order without gaps. */
  public void start(int row) {
    this.row = row;
    this.length = 0;
    this.position = out.room(0);
  }

  public void append(ArrowBuf source, int start, int bytes) {
    if (bytes > 0) {
      reserve(bytes);
      out.data().setBytes((long) position + length, source, start, bytes);
      length += bytes;
    }
  }

  public void append(byte[] source, int start, int bytes) {
    if (bytes > 0) {
      reserve(bytes);
      out.data().setBytes((long) position + length, source, start, bytes);
      length += bytes;
    }
  }

  /**
   * Appends ASCII bytes with the letters from {@code first} ('a' or 'A') to the 26th after it in
   * the other case.
   */
  void appendFolded(ArrowBuf source, int start, int bytes, char first) {
    reserve(bytes);
    ArrowBuf to = out.data();
    long target = (long) position + length;
    // Adding makes the high bit of a byte tell whether it is at or beyond a bound.
    long from = (0x80L - first) * 0x0101010101010101L;
    long beyond = (0x80L - (first + 26)) * 0x0101010101010101L;
    int i = 0;
    for (; i + 8 <= bytes; i += 8) {
      long word = source.getLong((long) start + i);
      long letters = (word + from) & ~(word + beyond) & 0x8080808080808080L;
      to.setLong(target + i, word ^ (letters >>> 2));
    }
    for (; i < bytes; i++) {
      byte b = source.getByte((long) start + i);
      to.setByte(target + i, b >= first && b < first + 26 ? b ^ 0x20 : b);
    }
    length += bytes;
  }

  /** Appends characters as UTF-8. */
  public void append(StringBuilder text) {
    int chars = text.length();
    reserve(chars);
    ArrowBuf to = out.data();
    long target = (long) position + length;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        append(text.toString().getBytes(StandardCharsets.UTF_8));
        return;
      }
      to.setByte(target + i, c);
    }
    length += chars;
  }

  public void append(byte[] source) {
    append(source, 0, source.length);
  }

  public void append(byte value) {
    reserve(1);
    out.data().setByte((long) position + length, value);
    length++;
  }

  /** Bytes of the row so far. */
  public int length() {
    return length;
  }

  private void reserve(int bytes) {
    if ((long) length + bytes > Integer.MAX_VALUE) {
      throw tooLong((long) length + bytes);
    }
    out.room(length + bytes);
  }

  public void end() {
    out.endRow(row, length);
  }

  /** The row is NULL. */
  public void endNull() {
    out.endRow(row, 0);
    out.setNull(row);
  }

  /** The row is of no account: its validity is already cleared. */
  public void skip(int row) {
    out.endRow(row, 0);
  }
}
