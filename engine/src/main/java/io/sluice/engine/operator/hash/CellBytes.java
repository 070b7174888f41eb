package io.sluice.engine.operator.hash;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Nested values as bytes that are equal exactly if the values are, and back. Not for hot loops. */
final class CellBytes {
  private enum Tag {
    NULL,
    BOOLEAN,
    LONG,
    DOUBLE,
    DECIMAL,
    STRING,
    BINARY,
    UUID,
    LIST,
    MAP
  }

  private static final Tag[] TAGS = Tag.values();

  private CellBytes() {}

  static byte[] encode(@Nullable Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(value, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
    switch (value) {
      case null -> tag(Tag.NULL, out);
      case Boolean bool -> {
        tag(Tag.BOOLEAN, out);
        out.writeBoolean(bool);
      }
      case Long number -> {
        tag(Tag.LONG, out);
        out.writeLong(number);
      }
      case Double number -> {
        tag(Tag.DOUBLE, out);
        // adding 0.0 makes -0.0 equal to 0.0; the bits are those of one NaN
        out.writeLong(Double.doubleToLongBits(number + 0.0));
      }
      case BigDecimal number -> {
        tag(Tag.DECIMAL, out);
        out.writeInt(number.scale());
        bytes(number.unscaledValue().toByteArray(), out);
      }
      case String string -> {
        tag(Tag.STRING, out);
        bytes(string.getBytes(StandardCharsets.UTF_8), out);
      }
      case byte[] binary -> {
        tag(Tag.BINARY, out);
        bytes(binary, out);
      }
      case UUID uuid -> {
        tag(Tag.UUID, out);
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
      }
      case List<?> list -> {
        tag(Tag.LIST, out);
        out.writeInt(list.size());
        for (Object element : list) {
          write(element, out);
        }
      }
      case Map<?, ?> map -> {
        tag(Tag.MAP, out);
        out.writeInt(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          write(entry.getKey(), out);
          write(entry.getValue(), out);
        }
      }
      default -> throw new AssertionError(value.getClass());
    }
  }

  private static void tag(Tag tag, DataOutputStream out) throws IOException {
    out.writeByte(tag.ordinal());
  }

  private static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static @Nullable Object decode(byte[] bytes) {
    return read(ByteBuffer.wrap(bytes));
  }

  private static @Nullable Object read(ByteBuffer in) {
    return switch (TAGS[in.get()]) {
      case NULL -> null;
      case BOOLEAN -> in.get() != 0;
      case LONG -> in.getLong();
      case DOUBLE -> Double.longBitsToDouble(in.getLong());
      case DECIMAL -> {
        int scale = in.getInt();
        yield new BigDecimal(new BigInteger(bytes(in)), scale);
      }
      case STRING -> new String(bytes(in), StandardCharsets.UTF_8);
      case BINARY -> bytes(in);
      case UUID -> new UUID(in.getLong(), in.getLong());
      case LIST -> {
        int size = in.getInt();
        List<@Nullable Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          list.add(read(in));
        }
        yield list;
      }
      case MAP -> {
        int size = in.getInt();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          Object key = read(in);
          map.put(key, read(in));
        }
        yield map;
      }
    };
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
