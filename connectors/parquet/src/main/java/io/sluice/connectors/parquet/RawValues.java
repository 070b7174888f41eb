package io.sluice.connectors.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** Single values in Parquet's PLAIN form as what statistics give: not for hot loops. */
final class RawValues {
  private RawValues() {}

  /** The value that fills the bytes, or null where they are none of the type. */
  static @Nullable Object whole(PrimitiveType type, ByteBuffer bytes) {
    ByteBuffer value = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int size = value.remaining();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> size == 1 ? (Object) (value.get() != 0) : null;
      case INT32 -> size == Integer.BYTES ? (Object) value.getInt() : null;
      case INT64 -> size == Long.BYTES ? (Object) value.getLong() : null;
      case FLOAT -> size == Float.BYTES ? (Object) value.getFloat() : null;
      case DOUBLE -> size == Double.BYTES ? (Object) value.getDouble() : null;
      case BINARY, FIXED_LEN_BYTE_ARRAY -> {
        byte[] copy = new byte[size];
        value.get(copy);
        yield Binary.fromConstantByteArray(copy);
      }
      case INT96 -> null;
    };
  }

  /**
   * Bytes of the next value of a dictionary, which is then passed.
   *
   * @throws CorruptPage where there is none
   */
  static ByteBuffer next(PrimitiveType type, ByteBuffer dictionary) {
    int prefix = 0;
    int size =
        switch (type.getPrimitiveTypeName()) {
          case BOOLEAN -> 1;
          case INT32, FLOAT -> Integer.BYTES;
          case INT64, DOUBLE -> Long.BYTES;
          case INT96 -> 12;
          case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
          case BINARY -> {
            prefix = Integer.BYTES;
            yield dictionary.remaining() < Integer.BYTES
                ? -1
                : dictionary.getInt(dictionary.position());
          }
        };
    if (size < 0 || size > dictionary.remaining() - prefix) {
      throw new CorruptPage("its dictionary ends too early");
    }
    ByteBuffer value = dictionary.slice(dictionary.position() + prefix, size);
    dictionary.position(dictionary.position() + prefix + size);
    return value;
  }
}
