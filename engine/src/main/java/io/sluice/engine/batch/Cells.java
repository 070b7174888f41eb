package io.sluice.engine.batch;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/**
 * Single cells as Java values in the form of {@code Expression.Literal}: for constants, messages
 * and tests, not for hot loops. A MAP is a {@link Map} in entry order, a ROW a {@link List}.
 */
public final class Cells {
  private Cells() {}

  /** A vector with these values. The caller closes it. */
  public static FieldVector vector(SqlType type, List<?> values, BufferAllocator allocator) {
    FieldVector vector = Vectors.create(type, allocator);
    try {
      vector.setInitialCapacity(Math.max(1, values.size()));
      vector.allocateNew();
      for (int i = 0; i < values.size(); i++) {
        set(vector, i, values.get(i));
      }
      vector.setValueCount(values.size());
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  /** A column that repeats one value. */
  public static ConstantColumn constant(
      SqlType type, @Nullable Object value, int length, BufferAllocator allocator) {
    List<@Nullable Object> one = new ArrayList<>();
    one.add(value);
    return new ConstantColumn(type, vector(type, one, allocator), length);
  }

  /** Sets a cell, growing the vector where needed. */
  public static void set(FieldVector vector, int row, @Nullable Object value) {
    if (vector instanceof NullVector) {
      return;
    }
    if (value == null) {
      // setting NULL makes room
      vector.setNull(row);
      return;
    }
    switch (vector) {
      case BitVector bits -> bits.setSafe(row, (Boolean) value ? 1 : 0);
      case TinyIntVector ints -> ints.setSafe(row, ((Number) value).byteValue());
      case SmallIntVector ints -> ints.setSafe(row, ((Number) value).shortValue());
      case IntVector ints -> ints.setSafe(row, ((Number) value).intValue());
      case BigIntVector ints -> ints.setSafe(row, ((Number) value).longValue());
      case Float4Vector floats -> floats.setSafe(row, ((Number) value).floatValue());
      case Float8Vector floats -> floats.setSafe(row, ((Number) value).doubleValue());
      case DecimalVector decimals ->
          decimals.setSafe(row, ((BigDecimal) value).setScale(decimals.getScale()));
      case VarCharVector strings ->
          strings.setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
      case VarBinaryVector binaries -> binaries.setSafe(row, (byte[]) value);
      case DateDayVector dates -> dates.setSafe(row, ((Number) value).intValue());
      case TimeMicroVector times -> times.setSafe(row, ((Number) value).longValue());
      case TimeStampVector times -> times.setSafe(row, ((Number) value).longValue());
      case IntervalYearVector months -> months.setSafe(row, ((Number) value).intValue());
      case DurationVector micros -> micros.setSafe(row, ((Number) value).longValue());
      case FixedSizeBinaryVector uuids -> uuids.setSafe(row, bytes((UUID) value));
      case MapVector map -> setMap(map, row, (Map<?, ?>) value);
      case ListVector list -> setList(list, row, (List<?>) value);
      case StructVector struct -> {
        List<?> fields = (List<?>) value;
        for (int i = 0; i < fields.size(); i++) {
          set((FieldVector) struct.getChildByOrdinal(i), row, fields.get(i));
        }
        struct.setIndexDefined(row);
      }
      default -> throw new AssertionError(vector.getField());
    }
  }

  private static void setList(ListVector list, int row, List<?> values) {
    int start = list.startNewValue(row);
    for (int i = 0; i < values.size(); i++) {
      set(list.getDataVector(), start + i, values.get(i));
    }
    list.endValue(row, values.size());
  }

  private static void setMap(MapVector map, int row, Map<?, ?> entries) {
    int index = map.startNewValue(row);
    StructVector struct = (StructVector) map.getDataVector();
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      set((FieldVector) struct.getChildByOrdinal(0), index, entry.getKey());
      set((FieldVector) struct.getChildByOrdinal(1), index, entry.getValue());
      struct.setIndexDefined(index);
      index++;
    }
    map.endValue(row, entries.size());
  }

  /** The value of a cell, or null for SQL NULL. */
  public static @Nullable Object get(FieldVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    return switch (vector) {
      case BitVector bits -> bits.get(row) != 0;
      case TinyIntVector ints -> (long) ints.get(row);
      case SmallIntVector ints -> (long) ints.get(row);
      case IntVector ints -> (long) ints.get(row);
      case BigIntVector ints -> ints.get(row);
      case Float4Vector floats -> (double) floats.get(row);
      case Float8Vector floats -> floats.get(row);
      case DecimalVector decimals -> decimals.getObject(row);
      case VarCharVector strings -> new String(strings.get(row), StandardCharsets.UTF_8);
      case VarBinaryVector binaries -> binaries.get(row);
      case DateDayVector dates -> (long) dates.get(row);
      case TimeMicroVector times -> times.get(row);
      case TimeStampVector times -> times.get(row);
      case IntervalYearVector months -> (long) months.get(row);
      case DurationVector micros -> DurationVector.get(micros.getDataBuffer(), row);
      case FixedSizeBinaryVector uuids -> uuid(uuids.get(row));
      case MapVector map -> getMap(map, row);
      case ListVector list -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
          values.add(get(list.getDataVector(), i));
        }
        yield values;
      }
      case StructVector struct -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < struct.size(); i++) {
          values.add(get((FieldVector) struct.getChildByOrdinal(i), row));
        }
        yield values;
      }
      default -> throw new AssertionError(vector.getField());
    };
  }

  /** The value of a cell of any form of column. */
  public static @Nullable Object get(Column column, int row) {
    return switch (column) {
      case FlatColumn flat -> get(flat.vector(), row);
      case ConstantColumn constant -> get(constant.value(), 0);
      case DictionaryColumn dictionary ->
          dictionary.isNull(row)
              ? null
              : get(dictionary.dictionary().values(), dictionary.indices().get(row));
    };
  }

  private static Map<@Nullable Object, @Nullable Object> getMap(MapVector map, int row) {
    Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
    StructVector struct = (StructVector) map.getDataVector();
    for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
      entries.put(
          get((FieldVector) struct.getChildByOrdinal(0), i),
          get((FieldVector) struct.getChildByOrdinal(1), i));
    }
    return entries;
  }

  private static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  private static UUID uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
