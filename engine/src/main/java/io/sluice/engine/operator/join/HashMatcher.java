package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.operator.hash.KeyEncoder;

/** Right rows of an equal key. */
final class HashMatcher implements Matcher {
  private final JoinTable table;
  private final KeyInput input;
  private final boolean nullSafeWord;
  private int[] heads = new int[0];

  /** Takes ownership of the input. */
  HashMatcher(JoinTable table, KeyInput input, BuildKeys keys) {
    this.table = table;
    this.input = input;
    this.nullSafeWord = keys.layout().isWord() && keys.unsafe() == 0;
  }

  @Override
  public void start(Batch batch) {
    input.read(batch);
    KeyEncoder keys = input.keys();
    if (heads.length < keys.count()) {
      heads = new int[keys.count()];
    }
    table.find(keys, heads);
    if (keys.layout().isWord() && keys.anyNull()) {
      int ofNull = nullSafeWord ? table.nullHead() : NONE;
      for (int i = 0; i < keys.count(); i++) {
        if (keys.isNull(i)) {
          heads[i] = ofNull;
        }
      }
    }
  }

  /** The first right row of every selected row. */
  int[] heads() {
    return heads;
  }

  KeyEncoder keys() {
    return input.keys();
  }

  @Override
  public int first(int position) {
    return heads[position];
  }

  @Override
  public int next(int id) {
    return table.next(id);
  }

  @Override
  public void close() {
    input.close();
  }
}
