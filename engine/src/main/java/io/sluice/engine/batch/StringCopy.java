package io.sluice.engine.batch;

import org.apache.arrow.memory.ArrowBuf;

/** Copies strings, most of which are so short that a call of the general copy costs more. */
public final class StringCopy {
  private StringCopy() {}

  /**
   * Copies {@code length} bytes, no byte more, between buffers that do not overlap. Words that
   * overlap cover lengths that are no multiple of theirs.
   */
  public static void copy(ArrowBuf from, long start, ArrowBuf to, long position, int length) {
    if (length > 32) {
      to.setBytes(position, from, start, length);
    } else if (length >= 8) {
      if (length > 16) {
        to.setLong(position + 8, from.getLong(start + 8));
        to.setLong(position + length - 16, from.getLong(start + length - 16));
      }
      to.setLong(position, from.getLong(start));
      to.setLong(position + length - 8, from.getLong(start + length - 8));
    } else if (length >= 4) {
      to.setInt(position, from.getInt(start));
      to.setInt(position + length - 4, from.getInt(start + length - 4));
    } else {
      for (int i = 0; i < length; i++) {
        to.setByte(position + i, from.getByte(start + i));
      }
    }
  }
}
