package io.sluice.engine.plan;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Plans as bytes and back. A value is a tag and its content; a record is its class and its
 * components in order, so whatever a plan is made of must be a record, an enum, a list or a plain
 * value. Only classes of the engine are read back.
 */
public final class PlanCodec {
  private static final String PACKAGE = "io.sluice.engine.";

  private enum Tag {
    NULL,
    BOOLEAN,
    INT,
    LONG,
    DOUBLE,
    DECIMAL,
    STRING,
    BYTES,
    UUID,
    LIST,
    ENUM,
    RECORD
  }

  private PlanCodec() {}

  public static byte[] encode(PhysicalPlan plan) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(new DataOutputStream(bytes), plan);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * The plan that was encoded.
   *
   * @throws EngineException INTERNAL where the bytes are no plan
   */
  public static PhysicalPlan decode(byte[] bytes) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      if (read(in) instanceof PhysicalPlan plan) {
        return plan;
      }
      throw new EngineException(ErrorCode.INTERNAL, "the bytes hold no plan");
    } catch (IOException | ReflectiveOperationException failure) {
      throw new EngineException(ErrorCode.INTERNAL, "the bytes hold no plan: " + failure, failure);
    }
  }

  private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> tag(out, Tag.NULL);
      case Boolean flag -> {
        tag(out, Tag.BOOLEAN);
        out.writeBoolean(flag);
      }
      case Integer number -> {
        tag(out, Tag.INT);
        out.writeInt(number);
      }
      case Long number -> {
        tag(out, Tag.LONG);
        out.writeLong(number);
      }
      case Double number -> {
        tag(out, Tag.DOUBLE);
        out.writeLong(Double.doubleToRawLongBits(number));
      }
      case BigDecimal decimal -> {
        tag(out, Tag.DECIMAL);
        out.writeInt(decimal.scale());
        bytes(out, decimal.unscaledValue().toByteArray());
      }
      case String text -> {
        tag(out, Tag.STRING);
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
      }
      case byte[] binary -> {
        tag(out, Tag.BYTES);
        bytes(out, binary);
      }
      case UUID uuid -> {
        tag(out, Tag.UUID);
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
      }
      case List<?> list -> {
        tag(out, Tag.LIST);
        out.writeInt(list.size());
        for (Object item : list) {
          write(out, item);
        }
      }
      case Enum<?> constant -> {
        tag(out, Tag.ENUM);
        bytes(out, constant.getDeclaringClass().getName().getBytes(StandardCharsets.UTF_8));
        bytes(out, constant.name().getBytes(StandardCharsets.UTF_8));
      }
      case Record composite -> record(out, composite);
      default -> throw new AssertionError("a plan holds a " + value.getClass());
    }
  }

  private static void record(DataOutputStream out, Record composite) throws IOException {
    tag(out, Tag.RECORD);
    bytes(out, composite.getClass().getName().getBytes(StandardCharsets.UTF_8));
    for (RecordComponent component : composite.getClass().getRecordComponents()) {
      try {
        write(out, component.getAccessor().invoke(composite));
      } catch (ReflectiveOperationException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  private static void tag(DataOutputStream out, Tag tag) throws IOException {
    out.writeByte(tag.ordinal());
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a length of " + length);
    }
    return in.readNBytes(length);
  }

  private static String string(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static @Nullable Object read(DataInputStream in)
      throws IOException, ReflectiveOperationException {
    int tag = in.readUnsignedByte();
    if (tag >= Tag.values().length) {
      throw new IOException("tag " + tag);
    }
    return switch (Tag.values()[tag]) {
      case NULL -> null;
      case BOOLEAN -> in.readBoolean();
      case INT -> in.readInt();
      case LONG -> in.readLong();
      case DOUBLE -> Double.longBitsToDouble(in.readLong());
      case DECIMAL -> {
        int scale = in.readInt();
        yield new BigDecimal(new BigInteger(bytes(in)), scale);
      }
      case STRING -> string(in);
      case BYTES -> bytes(in);
      case UUID -> new UUID(in.readLong(), in.readLong());
      case LIST -> {
        int size = in.readInt();
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          items.add(read(in));
        }
        yield items;
      }
      case ENUM -> constant(engineClass(string(in)), string(in));
      case RECORD -> composite(engineClass(string(in)), in);
    };
  }

  private static Class<?> engineClass(String name) throws IOException, ClassNotFoundException {
    if (!name.startsWith(PACKAGE)) {
      throw new IOException("class " + name);
    }
    return Class.forName(name);
  }

  private static Object constant(Class<?> type, String name) throws IOException {
    for (Object candidate : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
      if (((Enum<?>) candidate).name().equals(name)) {
        return candidate;
      }
    }
    throw new IOException(type + "." + name);
  }

  private static Object composite(Class<?> type, DataInputStream in)
      throws IOException, ReflectiveOperationException {
    if (!type.isRecord()) {
      throw new IOException(type + " is no record");
    }
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(in);
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    return constructor.newInstance(values);
  }
}
