package io.sluice.connectors.iceberg.register;

import java.util.Comparator;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Least and greatest of values as Iceberg orders them; null is no value. */
final class Bounds {
  private Bounds() {}

  static @Nullable Object lesser(Type type, @Nullable Object a, @Nullable Object b) {
    return a == null || (b != null && order(type).compare(b, a) < 0) ? b : a;
  }

  static @Nullable Object greater(Type type, @Nullable Object a, @Nullable Object b) {
    return a == null || (b != null && order(type).compare(b, a) > 0) ? b : a;
  }

  private static Comparator<Object> order(Type type) {
    return Comparators.forType(type.asPrimitiveType());
  }
}
