package io.sluice.engine.function.cast;

import io.sluice.engine.function.KernelEnvironment;
import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.TextSink;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** All conversions by the types that they connect. */
public final class Casts {
  private Casts() {}

  /**
   * A conversion of values that are not NULL.
   *
   * @param lossless whether every value has a counterpart
   */
  public record Conversion(Kernel kernel, boolean lossless) {}

  /** Whether there is a conversion. */
  public static boolean exists(SqlType from, SqlType to) {
    return from.kind() == SqlType.Kind.NULL
        || from.equals(to)
        || find(from, to, true, new KernelEnvironment(ZoneOffset.UTC, false)) != null;
  }

  /** Whether values of both types are the same bytes, so that nothing is to be done. */
  public static boolean sameValues(SqlType from, SqlType to) {
    if (from instanceof SqlType.Decimal a && to instanceof SqlType.Decimal b) {
      return a.scale() == b.scale() && a.precision() <= b.precision();
    }
    return false;
  }

  /**
   * The conversion between two different types, or null if there is none.
   *
   * @param safe whether what cannot be converted gives NULL
   */
  public static @Nullable Conversion find(
      SqlType from, SqlType to, boolean safe, KernelEnvironment environment) {
    ZoneId zone = environment.zone();
    if (to.kind() == SqlType.Kind.VARCHAR) {
      return from.kind() == SqlType.Kind.VARBINARY
          ? new Conversion(binaryToText(safe), false)
          : new Conversion(toText(zone), true);
    }
    if (from.kind() == SqlType.Kind.VARCHAR && to.kind() == SqlType.Kind.VARBINARY) {
      return new Conversion(Casts::copyBytes, true);
    }
    if (from.isNested() && to.isNested()) {
      return safe ? null : NestedCasts.find(from, to, environment);
    }
    RowCast cast = null;
    boolean lossless = false;
    if (from.kind() == SqlType.Kind.VARCHAR) {
      cast = ParseCasts.find(to, zone);
    } else if (isNumber(from) && isNumber(to)) {
      Kernel fast = FastCasts.find(from, to);
      if (fast != null) {
        return new Conversion(fast, true);
      }
      cast = NumericCasts.find(from, to);
      lossless = NumericCasts.lossless(from, to);
    } else {
      cast = DateTimeCasts.find(from, to, zone);
      lossless = DateTimeCasts.lossless(from, to);
    }
    return cast == null ? null : new Conversion(RowCast.kernel(cast, from, safe, zone), lossless);
  }

  private static boolean isNumber(SqlType type) {
    return type.isNumeric() || type.kind() == SqlType.Kind.BOOLEAN;
  }

  private static Kernel toText(ZoneId zone) {
    StringBuilder text = new StringBuilder();
    return (arguments, out, count) -> {
      TextSink sink = new TextSink(out);
      for (int i = 0; i < count; i++) {
        if (out.isNull(i)) {
          sink.skip(i);
          continue;
        }
        text.setLength(0);
        CellText.append(text, arguments[0], i, zone);
        sink.start(i);
        sink.append(text);
        sink.end();
      }
    };
  }

  private static void copyBytes(Values[] arguments, Values out, int count) {
    Values in = arguments[0];
    TextSink sink = new TextSink(out);
    for (int i = 0; i < count; i++) {
      int row = in.isConstant() ? 0 : i;
      sink.start(i);
      if (!out.isNull(i)) {
        sink.append(in.data(), in.start(row), in.end(row) - in.start(row));
      }
      sink.end();
    }
  }

  /** The bytes must be UTF-8. */
  private static Kernel binaryToText(boolean safe) {
    return (arguments, out, count) -> {
      Values in = arguments[0];
      TextSink sink = new TextSink(out);
      for (int i = 0; i < count; i++) {
        int row = in.isConstant() ? 0 : i;
        sink.start(i);
        if (out.isNull(i)) {
          sink.end();
        } else if (isUtf8(in.data(), in.start(row), in.end(row))) {
          sink.append(in.data(), in.start(row), in.end(row) - in.start(row));
          sink.end();
        } else if (safe) {
          sink.endNull();
        } else {
          throw RowCast.failure(in, row, in.type(), out.type(), ZoneOffset.UTC);
        }
      }
    };
  }

  private static boolean isUtf8(ArrowBuf data, int start, int end) {
    if (Bytes.isAscii(data, start, end)) {
      return true;
    }
    try {
      CharBuffer ignored =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(Bytes.copy(data, start, end)));
      return ignored.remaining() >= 0;
    } catch (CharacterCodingException invalid) {
      return false;
    }
  }
}
