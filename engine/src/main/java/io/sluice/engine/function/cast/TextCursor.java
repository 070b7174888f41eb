package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.Values;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Reads a VARCHAR value from the left. Reused from row to row. */
final class TextCursor {
  private @Nullable ArrowBuf source;
  private int at;
  private int end;

  /** Begins a row, without the white space around it. */
  void start(Values values, int row) {
    source = values.data();
    at = values.start(row);
    end = values.end(row);
    while (at < end && isSpace(data().getByte(at))) {
      at++;
    }
    while (end > at && isSpace(data().getByte(end - 1))) {
      end--;
    }
  }

  private ArrowBuf data() {
    return Objects.requireNonNull(source);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  boolean atEnd() {
    return at >= end;
  }

  int left() {
    return end - at;
  }

  int position() {
    return at;
  }

  void back(int position) {
    at = position;
  }

  /** The next byte, or -1 at the end. */
  int peek() {
    return at < end ? data().getByte(at) : -1;
  }

  int next() {
    return at < end ? data().getByte(at++) : -1;
  }

  boolean accept(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  /** Accepts a word without regard to the case of its ASCII letters. */
  boolean acceptWord(String lower) {
    if (left() < lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      int c = data().getByte(at + i);
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower.charAt(i)) {
        return false;
      }
    }
    at += lower.length();
    return true;
  }

  boolean isDigit() {
    int c = peek();
    return c >= '0' && c <= '9';
  }

  /** {@code min} to {@code max} digits as a number, or -1. */
  long digits(int min, int max) {
    long value = 0;
    int count = 0;
    while (count < max && isDigit()) {
      value = value * 10 + (next() - '0');
      count++;
    }
    return count < min ? -1 : value;
  }

  /** The rest as text. */
  String rest() {
    byte[] bytes = new byte[end - at];
    data().getBytes(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
