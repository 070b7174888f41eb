package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Column;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Entities by a 64-bit code, in an open hash table of 16-byte entries (code, value) with value 0
 * for a free one. Codes that lie close together get an array of values instead when sealed.
 */
final class LongEntities implements EntityTable {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final int FIRST_CAPACITY = 1024;

  private final BufferAllocator allocator;
  private ArrowBuf entries;
  private int capacity;
  private int size;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;
  private @Nullable ArrowBuf dense;
  private boolean closed;

  LongEntities(BufferAllocator allocator) {
    this.allocator = allocator;
    this.capacity = FIRST_CAPACITY;
    this.entries = table(capacity);
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

  /** The least and greatest code; only where there is one. */
  long least() {
    return least;
  }

  long greatest() {
    return greatest;
  }

  private static long home(long code, int capacity) {
    return ((code ^ (code >>> 32)) * GOLDEN) >>> (64 - Integer.numberOfTrailingZeros(capacity));
  }

  int add(long code) {
    long mask = ((long) capacity - 1) << 4;
    long at = home(code, capacity) << 4;
    while (true) {
      long value = entries.getLong(at + 8);
      if (value == 0) {
        break;
      }
      if (entries.getLong(at) == code) {
        return (int) (value - 1);
      }
      at = (at + 16) & mask;
    }
    entries.setLong(at, code);
    entries.setLong(at + 8, size + 1L);
    least = Math.min(least, code);
    greatest = Math.max(greatest, code);
    size++;
    if (size * 2L > capacity) {
      grow();
    }
    return size - 1;
  }

  private void grow() {
    int larger = Math.multiplyExact(capacity, 4);
    ArrowBuf target = table(larger);
    long mask = ((long) larger - 1) << 4;
    for (long from = 0; from < (long) capacity << 4; from += 16) {
      long value = entries.getLong(from + 8);
      if (value != 0) {
        long code = entries.getLong(from);
        long at = home(code, larger) << 4;
        while (target.getLong(at + 8) != 0) {
          at = (at + 16) & mask;
        }
        target.setLong(at, code);
        target.setLong(at + 8, value);
      }
    }
    entries.close();
    entries = target;
    capacity = larger;
  }

  void addCodes(long[] codes, int rows, boolean[] absent, int[] entities) {
    for (int i = 0; i < rows; i++) {
      entities[i] = absent[i] ? -1 : add(codes[i]);
    }
  }

  void findCodes(long[] codes, int rows, boolean[] absent, long[] values) {
    ArrowBuf array = dense;
    if (array != null) {
      findDense(array, least, greatest - least, codes, rows, absent, values);
      return;
    }
    ArrowBuf table = entries;
    int slots = capacity;
    long mask = ((long) slots - 1) << 4;
    for (int i = 0; i < rows; i++) {
      long code = codes[i];
      long at = home(code, slots) << 4;
      long value = table.getLong(at + 8);
      while (value != 0 && table.getLong(at) != code) {
        at = (at + 16) & mask;
        value = table.getLong(at + 8);
      }
      values[i] = absent[i] ? 0 : value;
    }
  }

  private static void findDense(
      ArrowBuf array,
      long least,
      long span,
      long[] codes,
      int rows,
      boolean[] absent,
      long[] values) {
    for (int i = 0; i < rows; i++) {
      long offset = codes[i] - least;
      boolean outside = absent[i] | Long.compareUnsigned(offset, span) > 0;
      values[i] = outside ? 0 : array.getLong(offset << 3);
    }
  }

  @Override
  public EntityLookup lookup() {
    return new Lookup();
  }

  @Override
  public int[] merge(EntityTable other) {
    LongEntities from = (LongEntities) other;
    int[] mapping = new int[from.size];
    from.forEach((code, entity) -> mapping[entity] = add(code));
    return mapping;
  }

  /** Receives one key. */
  interface CodeVisitor {
    void visit(long code, int entity);
  }

  /** Visits all keys of an unsealed table, in no order. */
  void forEach(CodeVisitor visitor) {
    for (long at = 0; at < (long) capacity << 4; at += 16) {
      long value = entries.getLong(at + 8);
      if (value != 0) {
        visitor.visit(entries.getLong(at), (int) (value - 1));
      }
    }
  }

  @Override
  public void seal(IntToLongFunction values) {
    long span = greatest - least;
    if (size > 0 && span >= 0 && span < 4L * size) {
      ArrowBuf array = allocator.buffer((span + 1) << 3);
      array.setZero(0, (span + 1) << 3);
      forEach((code, entity) -> array.setLong((code - least) << 3, values.applyAsLong(entity)));
      dense = array;
      entries.close();
      entries = allocator.getEmpty();
      return;
    }
    for (long at = 8; at < (long) capacity << 4; at += 16) {
      long value = entries.getLong(at);
      if (value != 0) {
        entries.setLong(at, values.applyAsLong((int) (value - 1)));
      }
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      entries.close();
      if (dense != null) {
        dense.close();
      }
    }
  }

  private final class Lookup implements EntityLookup {
    private final OrderCodes encoder = new OrderCodes();
    private long[] codes = {};

    @Override
    public void add(List<Column> keys, int rows, boolean[] absent, int[] entities) {
      encode(keys, rows, absent);
      addCodes(codes, rows, absent, entities);
    }

    @Override
    public void find(List<Column> keys, int rows, boolean[] absent, long[] values) {
      encode(keys, rows, absent);
      findCodes(codes, rows, absent, values);
    }

    private void encode(List<Column> keys, int rows, boolean[] absent) {
      if (codes.length < rows) {
        codes = new long[rows];
      }
      encoder.encode(keys.getFirst(), rows, codes, absent);
    }

    @Override
    public void close() {
      encoder.close();
    }
  }
}
