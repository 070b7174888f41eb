package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** The conversions that queries imply again and again, as loops of their own; none can fail. */
final class FastCasts {
  private FastCasts() {}

  static @Nullable Kernel find(SqlType from, SqlType to) {
    return switch (from.kind()) {
      case INTEGER ->
          switch (to.kind()) {
            case BIGINT -> FastCasts::int32ToInt64;
            case DOUBLE -> FastCasts::int32ToFloat64;
            default -> null;
          };
      case BIGINT -> to.kind() == SqlType.Kind.DOUBLE ? FastCasts::int64ToFloat64 : null;
      case REAL -> to.kind() == SqlType.Kind.DOUBLE ? FastCasts::float32ToFloat64 : null;
      default -> null;
    };
  }

  private static void int32ToInt64(Values[] arguments, Values out, int count) {
    ArrowBuf from = arguments[0].data();
    ArrowBuf to = out.data();
    for (int i = 0; i < count; i++) {
      to.setLong((long) i << 3, from.getInt((long) i << 2));
    }
  }

  private static void int32ToFloat64(Values[] arguments, Values out, int count) {
    ArrowBuf from = arguments[0].data();
    ArrowBuf to = out.data();
    for (int i = 0; i < count; i++) {
      to.setDouble((long) i << 3, from.getInt((long) i << 2));
    }
  }

  private static void int64ToFloat64(Values[] arguments, Values out, int count) {
    ArrowBuf from = arguments[0].data();
    ArrowBuf to = out.data();
    for (int i = 0; i < count; i++) {
      to.setDouble((long) i << 3, (double) from.getLong((long) i << 3));
    }
  }

  private static void float32ToFloat64(Values[] arguments, Values out, int count) {
    ArrowBuf from = arguments[0].data();
    ArrowBuf to = out.data();
    for (int i = 0; i < count; i++) {
      to.setDouble((long) i << 3, from.getFloat((long) i << 2));
    }
  }
}
