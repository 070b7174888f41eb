package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Column;
import java.util.List;
import java.util.function.IntToLongFunction;

/** Entities by several columns: all but the last one, and the last one, are numbered first. */
final class CompositeEntities implements EntityTable {
  private final EntityTable first;
  private final EntityTable second;
  private final LongEntities pairs;

  CompositeEntities(EntityTable first, EntityTable second, LongEntities pairs) {
    this.first = first;
    this.second = second;
    this.pairs = pairs;
  }

  @Override
  public int size() {
    return pairs.size();
  }

  @Override
  public EntityLookup lookup() {
    return new Lookup();
  }

  @Override
  public int[] merge(EntityTable other) {
    CompositeEntities from = (CompositeEntities) other;
    int[] firsts = first.merge(from.first);
    int[] seconds = second.merge(from.second);
    int[] mapping = new int[from.size()];
    from.pairs.forEach(
        (code, entity) ->
            mapping[entity] = pairs.add(pair(firsts[(int) (code >>> 32)], seconds[(int) code])));
    return mapping;
  }

  private static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }

  @Override
  public void seal(IntToLongFunction values) {
    first.seal(entity -> entity + 1L);
    second.seal(entity -> entity + 1L);
    pairs.seal(values);
  }

  @Override
  public void close() {
    first.close();
    second.close();
    pairs.close();
  }

  private final class Lookup implements EntityLookup {
    private final EntityLookup firsts = first.lookup();
    private final EntityLookup seconds = second.lookup();
    private int[] ids = {};
    private int[] lastIds = {};
    private long[] codes = {};
    private long[] lastCodes = {};

    @Override
    public void add(List<Column> keys, int rows, boolean[] absent, int[] entities) {
      reserve(rows);
      int last = keys.size() - 1;
      // NULLs of the last key first: a row without a key leaves nothing behind
      markNulls(keys, rows, absent);
      firsts.add(keys.subList(0, last), rows, absent, ids);
      seconds.add(keys.subList(last, last + 1), rows, absent, lastIds);
      for (int i = 0; i < rows; i++) {
        codes[i] = pair(ids[i], lastIds[i]);
      }
      pairs.addCodes(codes, rows, absent, entities);
    }

    private static void markNulls(List<Column> keys, int rows, boolean[] absent) {
      for (Column key : keys) {
        for (int i = 0; i < rows; i++) {
          absent[i] |= key.isNull(i);
        }
      }
    }

    @Override
    public void find(List<Column> keys, int rows, boolean[] absent, long[] values) {
      reserve(rows);
      int last = keys.size() - 1;
      firsts.find(keys.subList(0, last), rows, absent, codes);
      seconds.find(keys.subList(last, last + 1), rows, absent, lastCodes);
      for (int i = 0; i < rows; i++) {
        if (codes[i] == 0 || lastCodes[i] == 0) {
          absent[i] = true;
        }
        codes[i] = pair((int) codes[i] - 1, (int) lastCodes[i] - 1);
      }
      pairs.findCodes(codes, rows, absent, values);
    }

    private void reserve(int rows) {
      if (ids.length < rows) {
        ids = new int[rows];
        lastIds = new int[rows];
        codes = new long[rows];
        lastCodes = new long[rows];
      }
    }

    @Override
    public void close() {
      firsts.close();
      seconds.close();
    }
  }
}
