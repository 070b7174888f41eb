package io.sluice.connectors.iceberg.schema;

import java.nio.ByteBuffer;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.util.ByteBuffers;
import org.jspecify.annotations.Nullable;

/** Iceberg's values in the form of {@code Expression.Literal}. */
public final class StoredValues {
  private StoredValues() {}

  /** A bound, default or partition value, or null where it has no such form. */
  public static @Nullable Object literal(Type type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.typeId()) {
      case INTEGER, LONG, DATE, TIME, TIMESTAMP, TIMESTAMP_NANO -> ((Number) value).longValue();
      case FLOAT, DOUBLE -> ((Number) value).doubleValue();
      case STRING -> value.toString();
      case BINARY, FIXED ->
          value instanceof ByteBuffer buffer ? ByteBuffers.toByteArray(buffer) : value;
      case BOOLEAN, DECIMAL, UUID -> value;
      case UNKNOWN, STRUCT, LIST, MAP, VARIANT, GEOMETRY, GEOGRAPHY -> null;
    };
  }
}
