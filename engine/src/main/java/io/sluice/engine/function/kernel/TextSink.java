package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
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
