package io.sluice.connectors.iceberg.write;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** Sinks of values that are not nested. The physical type decides, then the vector. */
final class LeafSinks {
  private static final int DECIMAL_BYTES = 16;

  private LeafSinks() {}

  /**
   * @param definition level of a value that is there
   */
  static ValueSink of(PrimitiveType type, ColumnWriter out, int definition) {
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> new BooleanSink(out, definition);
      case INT32 -> new IntSink(out, definition);
      case INT64 -> new LongSink(out, definition);
      case FLOAT -> new FloatSink(out, definition);
      case DOUBLE -> new DoubleSink(out, definition);
      case BINARY -> new BinarySink(out, definition);
      case FIXED_LEN_BYTE_ARRAY -> new FixedSink(out, definition, type);
      case INT96 -> throw new AssertionError(type);
    };
  }

  private record BooleanSink(ColumnWriter out, int definition) implements ValueSink {
    @Override
    public void write(FieldVector vector, int position, int repetition) {
      out.write(((BitVector) vector).get(position) != 0, repetition, definition);
    }

    @Override
    public void writeNull(int repetition, int level) {
      out.writeNull(repetition, level);
    }
  }

  /** INTEGER, what is stored as such, and decimals of up to 9 digits. */
  private record IntSink(ColumnWriter out, int definition) implements ValueSink {
    @Override
    public void write(FieldVector vector, int position, int repetition) {
      int value =
          switch (vector) {
            case TinyIntVector bytes -> bytes.get(position);
            case SmallIntVector shorts -> shorts.get(position);
            default -> vector.getDataBuffer().getInt((long) position * width(vector));
          };
      out.write(value, repetition, definition);
    }

    @Override
    public void writeNull(int repetition, int level) {
      out.writeNull(repetition, level);
    }
  }

  /** Values of 64 bits, and decimals of up to 18 digits. */
  private record LongSink(ColumnWriter out, int definition) implements ValueSink {
    @Override
    public void write(FieldVector vector, int position, int repetition) {
      long value = vector.getDataBuffer().getLong((long) position * width(vector));
      out.write(value, repetition, definition);
    }

    @Override
    public void writeNull(int repetition, int level) {
      out.writeNull(repetition, level);
    }
  }

  /** A decimal's low bytes come first, so that a short one lies at its start. */
  private static int width(FieldVector vector) {
    return ((org.apache.arrow.vector.BaseFixedWidthVector) vector).getTypeWidth();
  }

  private record FloatSink(ColumnWriter out, int definition) implements ValueSink {
    @Override
    public void write(FieldVector vector, int position, int repetition) {
      out.write(vector.getDataBuffer().getFloat((long) position << 2), repetition, definition);
    }

    @Override
    public void writeNull(int repetition, int level) {
      out.writeNull(repetition, level);
    }
  }

  private record DoubleSink(ColumnWriter out, int definition) implements ValueSink {
    @Override
    public void write(FieldVector vector, int position, int repetition) {
      out.write(vector.getDataBuffer().getDouble((long) position << 3), repetition, definition);
    }

    @Override
    public void writeNull(int repetition, int level) {
      out.writeNull(repetition, level);
    }
  }

  /**
   * VARCHAR and VARBINARY; a vector's values, as of a dictionary, are made once. Of the last two
   * vectors, as changed rows come in turn with those that stay.
   */
  private static final class BinarySink implements ValueSink {
    private final ColumnWriter out;
    private final int definition;
    private @Nullable FieldVector cachedFor;
    private @Nullable Binary[] cached = new Binary[0];
    private @Nullable FieldVector otherCachedFor;
    private @Nullable Binary[] otherCached = new Binary[0];

    BinarySink(ColumnWriter out, int definition) {
      this.out = out;
      this.definition = definition;
    }

    @Override
    public void write(FieldVector vector, int position, int repetition) {
      if (vector != cachedFor) {
        turnTo(vector);
      }
      Binary value = cached[position];
      if (value == null) {
        value = Binary.fromConstantByteArray(bytes((BaseVariableWidthVector) vector, position));
        cached[position] = value;
      }
      out.write(value, repetition, definition);
    }

    private void turnTo(FieldVector vector) {
      @Nullable Binary[] values =
          vector == otherCachedFor ? otherCached : new Binary[vector.getValueCount()];
      otherCachedFor = cachedFor;
      otherCached = cached;
      cachedFor = vector;
      cached = values;
    }

    private static byte[] bytes(BaseVariableWidthVector vector, int position) {
      int start = vector.getOffsetBuffer().getInt((long) position << 2);
      int end = vector.getOffsetBuffer().getInt(((long) position + 1) << 2);
      byte[] bytes = new byte[end - start];
      vector.getDataBuffer().getBytes(start, bytes);
      return bytes;
    }

    @Override
    public void writeNull(int repetition, int level) {
      out.writeNull(repetition, level);
    }
  }

  /** UUID, VARBINARY of one length, and decimals of more than 18 digits. */
  private record FixedSink(ColumnWriter out, int definition, PrimitiveType type)
      implements ValueSink {
    @Override
    public void write(FieldVector vector, int position, int repetition) {
      int length = type.getTypeLength();
      byte[] bytes =
          switch (vector) {
            case org.apache.arrow.vector.DecimalVector decimals ->
                bigEndian(decimals.getDataBuffer(), (long) position * DECIMAL_BYTES, length);
            case org.apache.arrow.vector.FixedSizeBinaryVector fixed -> fixed.get(position);
            default -> BinarySink.bytes((BaseVariableWidthVector) vector, position);
          };
      if (bytes.length != length) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "column "
                + type.getName()
                + " holds binary values of "
                + length
                + " bytes; one has "
                + bytes.length);
      }
      out.write(Binary.fromConstantByteArray(bytes), repetition, definition);
    }

    private static byte[] bigEndian(ArrowBuf data, long offset, int length) {
      byte[] bytes = new byte[length];
      if (length > DECIMAL_BYTES) {
        byte sign = (byte) (data.getByte(offset + DECIMAL_BYTES - 1) < 0 ? -1 : 0);
        Arrays.fill(bytes, sign);
      }
      for (int i = 0; i < Math.min(length, DECIMAL_BYTES); i++) {
        bytes[length - 1 - i] = data.getByte(offset + i);
      }
      return bytes;
    }

    @Override
    public void writeNull(int repetition, int level) {
      out.writeNull(repetition, level);
    }
  }
}
