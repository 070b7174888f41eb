package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/**
 * One column in many chunks, from which rows are gathered by location (see {@link FlatChunks}).
 * Chunks that are dictionaries stay so, with one dictionary for all, unless that has more values
 * than half the rows. Owns its memory; read by all threads.
 */
final class ChunkedColumn implements AutoCloseable {
  private final SqlType type;
  private final FlatChunks chunks;
  private final int @Nullable [] idOffsets;
  private final @Nullable SharedDictionary dictionary;

  private ChunkedColumn(
      SqlType type,
      FlatChunks chunks,
      int @Nullable [] idOffsets,
      @Nullable SharedDictionary dictionary) {
    this.type = type;
    this.chunks = chunks;
    this.idOffsets = idOffsets;
    this.dictionary = dictionary;
  }

  /** Takes copies or shares of the chunks, which stay the caller's. */
  static ChunkedColumn of(SqlType type, List<Column> chunks, BufferAllocator allocator) {
    Map<SharedDictionary, Integer> offsets = new IdentityHashMap<>();
    List<SharedDictionary> dictionaries = new ArrayList<>();
    long values = 0;
    long rows = 0;
    boolean indexed = !chunks.isEmpty();
    for (Column chunk : chunks) {
      rows += chunk.length();
      if (!(chunk instanceof DictionaryColumn column)) {
        indexed = false;
      } else if (!offsets.containsKey(column.dictionary())) {
        offsets.put(column.dictionary(), (int) Math.min(values, Integer.MAX_VALUE));
        dictionaries.add(column.dictionary());
        values += column.dictionary().size();
      }
    }
    if (!indexed || values > rows / 2) {
      return new ChunkedColumn(type, flat(type, chunks, allocator), null, null);
    }
    int[] idOffsets = new int[chunks.size()];
    List<FieldVector> ids = new ArrayList<>();
    try {
      for (int i = 0; i < idOffsets.length; i++) {
        DictionaryColumn column = (DictionaryColumn) chunks.get(i);
        Integer offset = offsets.get(column.dictionary());
        idOffsets[i] = offset == null ? 0 : offset;
        ids.add(Vectors.share(column.indices(), allocator));
      }
      SharedDictionary merged = merge(type, dictionaries, allocator);
      return new ChunkedColumn(type, new FlatChunks(SqlType.INTEGER, ids), idOffsets, merged);
    } catch (RuntimeException | Error failure) {
      ids.forEach(FieldVector::close);
      throw failure;
    }
  }

  private static FlatChunks flat(SqlType type, List<Column> chunks, BufferAllocator allocator) {
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (Column chunk : chunks) {
        vectors.add(chunk.flatten(allocator));
      }
      return new FlatChunks(type, vectors);
    } catch (RuntimeException | Error failure) {
      vectors.forEach(FieldVector::close);
      throw failure;
    }
  }

  private static SharedDictionary merge(
      SqlType type, List<SharedDictionary> dictionaries, BufferAllocator allocator) {
    if (dictionaries.size() == 1) {
      return dictionaries.getFirst().retain();
    }
    FieldVector merged = Vectors.create(type, allocator);
    try {
      merged.allocateNew();
      int size = 0;
      for (SharedDictionary dictionary : dictionaries) {
        for (int i = 0; i < dictionary.size(); i++) {
          merged.copyFromSafe(i, size++, dictionary.values());
        }
      }
      merged.setValueCount(size);
      return new SharedDictionary(type, merged);
    } catch (RuntimeException | Error failure) {
      merged.close();
      throw failure;
    }
  }

  /** The rows at the locations. The caller closes the column. */
  Column gather(long[] locations, int count, BufferAllocator allocator) {
    FieldVector rows = chunks.gather(locations, count, allocator);
    SharedDictionary shared = dictionary;
    int[] shift = idOffsets;
    if (shared == null || shift == null) {
      return new FlatColumn(type, rows);
    }
    ArrowBuf ids = rows.getDataBuffer();
    for (int i = 0; i < count; i++) {
      long at = locations[i];
      if (at >= 0) {
        ids.setInt((long) i << 2, ids.getInt((long) i << 2) + shift[(int) (at >>> 32)]);
      }
    }
    return new DictionaryColumn((IntVector) rows, shared.retain());
  }

  @Override
  public void close() {
    chunks.close();
    if (dictionary != null) {
      dictionary.release();
    }
  }
}
