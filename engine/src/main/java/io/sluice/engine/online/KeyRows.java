package io.sluice.engine.online;

import io.sluice.engine.batch.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** The keys that rows of a batch look up. Used by one thread. */
public final class KeyRows {
  /** Of a row with NULL in its key, which looks nothing up. */
  public static final int NULL_KEY = -1;

  /** Of a row whose key was there before. */
  public static final int REPEATED = -2;

  private final OnlineTable.Loaded loaded;
  private final @Nullable Set<Bytes> known;
  private EncodedRows encoded = EncodedRows.ofRoom(0);
  private int[] lookups = new int[0];

  /** Equal where the bytes are. */
  private record Bytes(byte[] value) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }
  }

  /**
   * @param distinct whether a key is looked up once only
   */
  public KeyRows(OnlineTable.Loaded loaded, boolean distinct) {
    this.loaded = loaded;
    this.known = distinct ? new HashSet<>() : null;
  }

  /**
   * The keys to look up, which belong to the caller.
   *
   * @param columns of the key; they stay the caller's
   */
  public EncodedRows encode(List<Column> columns, int count, BufferAllocator allocator) {
    List<FieldVector> vectors = new ArrayList<>(columns.size());
    try {
      for (Column column : columns) {
        vectors.add(column.flatten(allocator));
      }
      // an encoder of its own, as the answer may come when the next batch is there
      EncodedRows all = new RowEncoder(loaded.keyLayout(), count).encode(vectors, count);
      lookups = new int[count];
      encoded = select(all, vectors, count);
      return encoded;
    } finally {
      vectors.forEach(FieldVector::close);
    }
  }

  private EncodedRows select(EncodedRows all, List<FieldVector> vectors, int count) {
    boolean anyNull = false;
    for (FieldVector vector : vectors) {
      anyNull |= vector.getNullCount() > 0;
    }
    if (!anyNull && known == null) {
      for (int i = 0; i < count; i++) {
        lookups[i] = i;
      }
      return all;
    }
    EncodedRows chosen = EncodedRows.ofRoom(count);
    for (int i = 0; i < count; i++) {
      int row = i;
      if (anyNull && vectors.stream().anyMatch(vector -> vector.isNull(row))) {
        lookups[i] = NULL_KEY;
      } else if (known != null
          && !known.add(new Bytes(Arrays.copyOfRange(all.bytes(), all.start(i), all.end(i))))) {
        lookups[i] = REPEATED;
      } else {
        lookups[i] = chosen.count();
        chosen.append(all, i);
      }
    }
    return chosen;
  }

  /** Of each row of the last batch the number of its key, or why it has none. */
  public int[] lookups() {
    return lookups;
  }

  /** The keys of the last batch. */
  public EncodedRows encoded() {
    return encoded;
  }
}
