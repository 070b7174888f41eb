package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.arrow.memory.ArrowBuf;

/** A compiled LIKE pattern: {@code %} is any string, {@code _} any code point. */
public final class LikePattern {
  private static final byte ANY_POINT = 0;
  private static final byte LITERAL = 1;

  /** Literals between the {@code %}; an element of {@code kinds} for every byte or {@code _}. */
  private record Segment(byte[] bytes, byte[] kinds, boolean literal) {}

  private final List<Segment> segments;
  private final boolean anyStart;
  private final boolean anyEnd;
  private final boolean hasAny;

  private LikePattern(List<Segment> segments, boolean anyStart, boolean anyEnd, boolean hasAny) {
    this.segments = segments;
    this.anyStart = anyStart;
    this.anyEnd = anyEnd;
    this.hasAny = hasAny;
  }

  /**
   * Compiles a pattern.
   *
   * @param escape the code point that takes the meaning from the next one, or -1 for none
   * @throws EngineException INVALID_ARGUMENT if nothing follows the escape character
   */
  public static LikePattern compile(String pattern, int escape) {
    List<Segment> segments = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteArrayOutputStream kinds = new ByteArrayOutputStream();
    boolean hasAny = false;
    boolean anyStart = false;
    boolean lastAny = false;
    int[] points = pattern.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      int point = points[i];
      boolean literal = point == escape;
      if (literal) {
        if (++i == points.length) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "LIKE pattern '" + pattern + "' ends with its escape character");
        }
        point = points[i];
      }
      lastAny = !literal && point == '%';
      if (lastAny) {
        anyStart |= bytes.size() == 0 && segments.isEmpty();
        hasAny = true;
        flush(segments, bytes, kinds);
      } else if (!literal && point == '_') {
        bytes.write(0);
        kinds.write(ANY_POINT);
      } else {
        byte[] encoded = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        bytes.write(encoded, 0, encoded.length);
        for (int b = 0; b < encoded.length; b++) {
          kinds.write(LITERAL);
        }
      }
    }
    flush(segments, bytes, kinds);
    return new LikePattern(List.copyOf(segments), anyStart, lastAny, hasAny);
  }

  private static void flush(
      List<Segment> segments, ByteArrayOutputStream bytes, ByteArrayOutputStream kinds) {
    if (bytes.size() > 0) {
      byte[] kind = kinds.toByteArray();
      boolean literal = true;
      for (byte k : kind) {
        literal &= k == LITERAL;
      }
      segments.add(new Segment(bytes.toByteArray(), kind, literal));
      bytes.reset();
      kinds.reset();
    }
  }

  /** Whether the whole of the bytes from {@code start} to {@code end} matches. */
  public boolean matches(ArrowBuf data, int start, int end) {
    if (segments.isEmpty()) {
      return hasAny || start == end;
    }
    int at = start;
    int first = 0;
    int last = segments.size();
    if (!anyStart) {
      at = match(segments.getFirst(), data, start, end);
      if (at < 0) {
        return false;
      }
      first = 1;
      if (last == 1) {
        return anyEnd || at == end;
      }
    }
    int limit = end;
    if (!anyEnd) {
      last--;
      Segment tail = segments.get(last);
      int from = backwards(tail, data, at, end);
      if (from < 0 || match(tail, data, from, end) != end) {
        return false;
      }
      limit = from;
    }
    for (int s = first; s < last; s++) {
      at = find(segments.get(s), data, at, limit);
      if (at < 0) {
        return false;
      }
    }
    return true;
  }

  /** The same as a regular expression, for texts that are not in a buffer. */
  public Pattern regularExpression() {
    StringBuilder out = new StringBuilder(anyStart ? ".*" : "");
    for (int s = 0; s < segments.size(); s++) {
      Segment segment = segments.get(s);
      out.append(s == 0 ? "" : ".*");
      int from = 0;
      for (int i = 0; i <= segment.bytes.length; i++) {
        if (i == segment.bytes.length || segment.kinds[i] == ANY_POINT) {
          out.append(
              Pattern.quote(new String(segment.bytes, from, i - from, StandardCharsets.UTF_8)));
          out.append(i == segment.bytes.length ? "" : ".");
          from = i + 1;
        }
      }
    }
    out.append(anyEnd ? ".*" : "");
    return Pattern.compile(out.toString(), Pattern.DOTALL);
  }

  /** The position after the segment at {@code at}, or -1 if it is not there. */
  private static int match(Segment segment, ArrowBuf data, int at, int end) {
    byte[] bytes = segment.bytes;
    if (segment.literal) {
      boolean there = end - at >= bytes.length && Bytes.matches(data, at, bytes, 0, bytes.length);
      return there ? at + bytes.length : -1;
    }
    int position = at;
    for (int i = 0; i < bytes.length; i++) {
      if (position >= end) {
        return -1;
      }
      if (segment.kinds[i] == ANY_POINT) {
        position = Bytes.next(data, position, end);
      } else if (data.getByte(position++) != bytes[i]) {
        return -1;
      }
    }
    return position;
  }

  /** The position after the first place where the segment stands, or -1. */
  private static int find(Segment segment, ArrowBuf data, int from, int end) {
    if (segment.literal) {
      int found = Bytes.indexOf(data, from, end, segment.bytes);
      return found < 0 ? -1 : found + segment.bytes.length;
    }
    for (int at = from; at < end; at = Bytes.next(data, at, end)) {
      int after = match(segment, data, at, end);
      if (after >= 0) {
        return after;
      }
    }
    return -1;
  }

  /** Where the segment would start if it ended at {@code end}, or -1 before {@code from}. */
  private static int backwards(Segment segment, ArrowBuf data, int from, int end) {
    int at = end;
    for (int i = segment.bytes.length - 1; i >= 0; i--) {
      if (at <= from) {
        return -1;
      }
      at = segment.kinds[i] == ANY_POINT ? Bytes.previous(data, from, at) : at - 1;
    }
    return at;
  }
}
