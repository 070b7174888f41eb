package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.SharedDictionary;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.ByteFunctionHelpers;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Entities by the bytes of strings, binaries, UUIDs and wide decimals: an open hash table of
 * 16-byte entries (32 bits of hash, entity + 1, value) and the keys' bytes one after the other. A
 * dictionary's values are looked up once.
 */
final class BytesEntities implements EntityTable {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final int FIRST_CAPACITY = 1024;

  private final BufferAllocator allocator;
  private ArrowBuf entries;
  private int capacity;
  private int size;

  /** Of entity e the bytes {@code offsets[e]} to {@code offsets[e + 1]}. */
  private ArrowBuf offsets;

  private ArrowBuf bytes;
  private boolean closed;

  BytesEntities(BufferAllocator allocator) {
    this.allocator = allocator;
    this.capacity = FIRST_CAPACITY;
    ArrowBuf table = table(capacity);
    try {
      ArrowBuf starts = allocator.buffer((FIRST_CAPACITY + 1L) << 3);
      try {
        starts.setLong(0, 0);
        bytes = allocator.buffer(FIRST_CAPACITY << 4);
      } catch (RuntimeException | Error failure) {
        starts.close();
        throw failure;
      }
      offsets = starts;
    } catch (RuntimeException | Error failure) {
      table.close();
      throw failure;
    }
    entries = table;
  }

  private ArrowBuf table(int slots) {
    ArrowBuf buffer = allocator.buffer((long) slots << 4);
    buffer.setZero(0, (long) slots << 4);
    return buffer;
  }

  @Override
  public int size() {
    return size;
  }

  private static int hash(ArrowBuf source, long start, int length) {
    long hash = length;
    long at = start;
    long end = start + length;
    for (; at + 8 <= end; at += 8) {
      hash = (Long.rotateLeft(hash, 23) ^ source.getLong(at)) * GOLDEN;
    }
    if (at + 4 <= end) {
      hash = (Long.rotateLeft(hash, 23) ^ source.getInt(at)) * GOLDEN;
      at += 4;
    }
    for (; at < end; at++) {
      hash = (Long.rotateLeft(hash, 23) ^ source.getByte(at)) * GOLDEN;
    }
    hash ^= hash >>> 29;
    return (int) ((hash * GOLDEN) >>> 32);
  }

  private boolean same(int entity, ArrowBuf source, long start, int length) {
    long from = offsets.getLong((long) entity << 3);
    long to = offsets.getLong((entity + 1L) << 3);
    return to - from == length
        && ByteFunctionHelpers.equal(bytes, from, to, source, start, start + length) != 0;
  }

  private static long home(int hash, int capacity) {
    return ((long) (hash & (capacity - 1))) << 4;
  }

  /** Where the key is or would go. */
  private long locate(int hash, ArrowBuf source, long start, int length) {
    long mask = ((long) capacity - 1) << 4;
    long at = home(hash, capacity);
    while (true) {
      int entity = entries.getInt(at + 4) - 1;
      if (entity < 0 || (entries.getInt(at) == hash && same(entity, source, start, length))) {
        return at;
      }
      at = (at + 16) & mask;
    }
  }

  private long find(ArrowBuf source, long start, int length) {
    return entries.getLong(locate(hash(source, start, length), source, start, length) + 8);
  }

  private int add(ArrowBuf source, long start, int length) {
    int hash = hash(source, start, length);
    long at = locate(hash, source, start, length);
    int known = entries.getInt(at + 4) - 1;
    if (known >= 0) {
      return known;
    }
    append(source, start, length);
    entries.setInt(at, hash);
    entries.setInt(at + 4, size);
    entries.setLong(at + 8, size);
    if (size * 2L > capacity) {
      grow();
    }
    return size - 1;
  }

  private void append(ArrowBuf source, long start, int length) {
    long from = offsets.getLong((long) size << 3);
    bytes = ensure(bytes, from, from + length);
    offsets = ensure(offsets, (size + 1L) << 3, (size + 2L) << 3);
    bytes.setBytes(from, source, start, length);
    size++;
    offsets.setLong((long) size << 3, from + length);
  }

  private ArrowBuf ensure(ArrowBuf buffer, long used, long needed) {
    if (needed <= buffer.capacity()) {
      return buffer;
    }
    ArrowBuf larger = allocator.buffer(Math.max(needed, buffer.capacity() * 2));
    larger.setBytes(0, buffer, 0, used);
    buffer.close();
    return larger;
  }

  private void grow() {
    int larger = Math.multiplyExact(capacity, 4);
    ArrowBuf target = table(larger);
    long mask = ((long) larger - 1) << 4;
    for (long from = 0; from < (long) capacity << 4; from += 16) {
      if (entries.getInt(from + 4) != 0) {
        long at = home(entries.getInt(from), larger);
        while (target.getInt(at + 4) != 0) {
          at = (at + 16) & mask;
        }
        target.setLong(at, entries.getLong(from));
        target.setLong(at + 8, entries.getLong(from + 8));
      }
    }
    entries.close();
    entries = target;
    capacity = larger;
  }

  @Override
  public EntityLookup lookup() {
    return new Lookup();
  }

  @Override
  public int[] merge(EntityTable other) {
    BytesEntities from = (BytesEntities) other;
    int[] mapping = new int[from.size];
    for (int entity = 0; entity < from.size; entity++) {
      long start = from.offsets.getLong((long) entity << 3);
      long end = from.offsets.getLong((entity + 1L) << 3);
      mapping[entity] = add(from.bytes, start, (int) (end - start));
    }
    return mapping;
  }

  @Override
  public void seal(IntToLongFunction values) {
    for (long at = 0; at < (long) capacity << 4; at += 16) {
      int entity = entries.getInt(at + 4) - 1;
      if (entity >= 0) {
        entries.setLong(at + 8, values.applyAsLong(entity));
      }
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      entries.close();
      offsets.close();
      bytes.close();
    }
  }

  private final class Lookup implements EntityLookup {
    private static final long UNSEEN = -1;

    private @Nullable SharedDictionary dictionary;

    /** Of each dictionary value the entity or sealed value, or UNSEEN. */
    private long[] known = {};

    @Override
    public void add(List<Column> keys, int rows, boolean[] absent, int[] entities) {
      Column key = keys.getFirst();
      markNulls(key, rows, absent);
      switch (key) {
        case FlatColumn flat -> {
          for (int i = 0; i < rows; i++) {
            entities[i] = absent[i] ? -1 : addCell(flat.vector(), i);
          }
        }
        case ConstantColumn constant -> {
          for (int i = 0; i < rows; i++) {
            entities[i] = absent[i] ? -1 : addCell(constant.value(), 0);
          }
        }
        case DictionaryColumn indexed -> {
          remember(indexed.dictionary());
          for (int i = 0; i < rows; i++) {
            if (absent[i]) {
              entities[i] = -1;
              continue;
            }
            int id = indexed.indices().get(i);
            if (known[id] == UNSEEN) {
              known[id] = addCell(indexed.dictionary().values(), id);
            }
            entities[i] = (int) known[id];
          }
        }
      }
    }

    @Override
    public void find(List<Column> keys, int rows, boolean[] absent, long[] values) {
      Column key = keys.getFirst();
      markNulls(key, rows, absent);
      switch (key) {
        case FlatColumn flat -> findFlat(flat.vector(), rows, absent, values);
        case ConstantColumn constant -> {
          long value = constant.isNull(0) ? 0 : findCell(constant.value(), 0);
          for (int i = 0; i < rows; i++) {
            values[i] = absent[i] ? 0 : value;
          }
        }
        case DictionaryColumn indexed -> {
          remember(indexed.dictionary());
          ArrowBuf ids = indexed.indices().getDataBuffer();
          FieldVector cells = indexed.dictionary().values();
          for (int i = 0; i < rows; i++) {
            if (absent[i]) {
              values[i] = 0;
              continue;
            }
            int id = ids.getInt((long) i << 2);
            if (known[id] == UNSEEN) {
              known[id] = findCell(cells, id);
            }
            values[i] = known[id];
          }
        }
      }
    }

    private void findFlat(FieldVector vector, int rows, boolean[] absent, long[] values) {
      for (int i = 0; i < rows; i++) {
        values[i] = absent[i] ? 0 : findCell(vector, i);
      }
    }

    private static void markNulls(Column key, int rows, boolean[] absent) {
      for (int i = 0; i < rows; i++) {
        absent[i] |= key.isNull(i);
      }
    }

    private void remember(SharedDictionary next) {
      if (dictionary != next) {
        close();
        dictionary = next.retain();
        known = new long[next.size()];
        Arrays.fill(known, UNSEEN);
      }
    }

    private int addCell(FieldVector vector, int row) {
      return BytesEntities.this.add(vector.getDataBuffer(), start(vector, row), size(vector, row));
    }

    private long findCell(FieldVector vector, int row) {
      return BytesEntities.this.find(vector.getDataBuffer(), start(vector, row), size(vector, row));
    }

    private static long start(FieldVector vector, int row) {
      return switch (vector) {
        case BaseVariableWidthVector variable -> variable.getOffsetBuffer().getInt((long) row << 2);
        case BaseFixedWidthVector fixed -> (long) row * fixed.getTypeWidth();
        default -> throw new AssertionError(vector.getField());
      };
    }

    private static int size(FieldVector vector, int row) {
      return switch (vector) {
        case BaseVariableWidthVector variable ->
            variable.getOffsetBuffer().getInt((row + 1L) << 2)
                - variable.getOffsetBuffer().getInt((long) row << 2);
        case BaseFixedWidthVector fixed -> fixed.getTypeWidth();
        default -> throw new AssertionError(vector.getField());
      };
    }

    @Override
    public void close() {
      if (dictionary != null) {
        dictionary.release();
        dictionary = null;
        known = new long[0];
      }
    }
  }
}
