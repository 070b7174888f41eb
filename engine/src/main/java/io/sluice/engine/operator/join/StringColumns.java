package io.sluice.engine.operator.join;

import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;

/** Strings of several stores as one column: encoded where all are, plain otherwise. */
final class StringColumns {
  private static final int FEW_VALUES = 1024;

  private StringColumns() {}

  /**
   * @param rows of each store
   * @param allocator of a dictionary, which is handed on
   */
  static StoredColumn of(
      SqlType type, List<StringStore> stores, int[] rows, BufferAllocator allocator) {
    List<SharedDictionary> all = new ArrayList<>();
    long values = 0;
    long total = 0;
    boolean encoded = true;
    for (int s = 0; s < rows.length; s++) {
      total += rows[s];
      encoded &= stores.get(s).isEncoded();
      for (SharedDictionary dictionary : stores.get(s).dictionaries()) {
        if (!all.contains(dictionary)) {
          all.add(dictionary);
          values += dictionary.size();
        }
      }
    }
    if (!encoded || values > Math.max(FEW_VALUES, total / 2)) {
      stores.forEach(StringStore::decode);
      return new StringColumn(type, stores);
    }
    SharedDictionary dictionary =
        all.size() == 1 ? all.getFirst().retain() : concatenate(type, all, allocator);
    for (StringStore store : stores) {
      renumber(store, all);
    }
    List<FixedStore> numbers = stores.stream().map(StringStore::numbers).toList();
    return new EncodedColumn(dictionary, FixedColumn.values(numbers), new Validity(numbers));
  }

  /** From codes that count through the store's dictionaries to codes that count through all. */
  private static void renumber(StringStore store, List<SharedDictionary> all) {
    List<SharedDictionary> own = store.dictionaries();
    int size = own.stream().mapToInt(SharedDictionary::size).sum();
    int[] mapping = new int[size];
    boolean identity = true;
    int next = 0;
    for (SharedDictionary dictionary : own) {
      int base = 0;
      for (SharedDictionary other : all) {
        if (other.equals(dictionary)) {
          break;
        }
        base += other.size();
      }
      identity &= base == next;
      for (int v = 0; v < dictionary.size(); v++) {
        mapping[next++] = base + v;
      }
    }
    for (int s = 0; !identity && s < store.segments(); s++) {
      ArrowBuf codes = store.numbers().values(s);
      ArrowBuf validity = store.numbers().validity(s);
      long count = Math.min(codes.capacity() >> 2, validity.capacity());
      for (int i = 0; i < count; i++) {
        if (validity.getByte(i) != 0) {
          codes.setInt((long) i << 2, mapping[codes.getInt((long) i << 2)]);
        }
      }
    }
  }

  private static SharedDictionary concatenate(
      SqlType type, List<SharedDictionary> all, BufferAllocator allocator) {
    BaseVariableWidthVector values = (BaseVariableWidthVector) Vectors.create(type, allocator);
    try {
      long bytes = 0;
      int count = 0;
      for (SharedDictionary dictionary : all) {
        BaseVariableWidthVector source = (BaseVariableWidthVector) dictionary.values();
        bytes += bytes(source);
        count += source.getValueCount();
      }
      values.allocateNew(Math.max(1, bytes), Math.max(1, count));
      ArrowBuf offsets = values.getOffsetBuffer();
      offsets.setInt(0, 0);
      int at = 0;
      int next = 0;
      for (SharedDictionary dictionary : all) {
        BaseVariableWidthVector source = (BaseVariableWidthVector) dictionary.values();
        int size = bytes(source);
        if (size > 0) {
          int start = source.getOffsetBuffer().getInt(0);
          values.getDataBuffer().setBytes(at, source.getDataBuffer(), start, size);
        }
        for (int v = 0; v < source.getValueCount(); v++) {
          at += source.getValueLength(v);
          BitVectorHelper.setBit(values.getValidityBuffer(), next);
          offsets.setInt(++next * 4L, at);
        }
      }
      values.setLastSet(count - 1);
      values.setValueCount(count);
      return new SharedDictionary(type, values);
    } catch (RuntimeException | Error failure) {
      values.close();
      throw failure;
    }
  }

  private static int bytes(BaseVariableWidthVector vector) {
    int count = vector.getValueCount();
    if (count == 0) {
      return 0;
    }
    ArrowBuf offsets = vector.getOffsetBuffer();
    return offsets.getInt(4L * count) - offsets.getInt(0);
  }
}
