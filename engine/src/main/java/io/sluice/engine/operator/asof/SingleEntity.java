package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Column;
import java.util.List;
import java.util.function.IntToLongFunction;

/** All rows belong together. */
final class SingleEntity implements EntityTable {
  private long value = 1;

  @Override
  public int size() {
    return 1;
  }

  @Override
  public EntityLookup lookup() {
    return new Lookup();
  }

  @Override
  public int[] merge(EntityTable other) {
    return new int[] {0};
  }

  @Override
  public void seal(IntToLongFunction values) {
    value = values.applyAsLong(0);
  }

  @Override
  public void close() {}

  private final class Lookup implements EntityLookup {
    @Override
    public void add(List<Column> keys, int rows, boolean[] absent, int[] entities) {
      for (int i = 0; i < rows; i++) {
        entities[i] = absent[i] ? -1 : 0;
      }
    }

    @Override
    public void find(List<Column> keys, int rows, boolean[] absent, long[] values) {
      for (int i = 0; i < rows; i++) {
        values[i] = absent[i] ? 0 : value;
      }
    }

    @Override
    public void close() {}
  }
}
