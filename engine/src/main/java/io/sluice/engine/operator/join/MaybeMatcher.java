package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.operator.hash.KeyEncoder;

/**
 * Right rows whose key might equal the left row's if NULLs were known: all of them where the left
 * key has a NULL, those with a NULL in their own key otherwise.
 */
final class MaybeMatcher implements Matcher {
  private final StoredRows rows;
  private final JoinKeys buildKeys;
  private final HashMatcher probe;
  private final BuildKeys keys;
  private final long unsafe;
  private boolean all;
  private int unlinked;
  private int position;

  MaybeMatcher(StoredRows rows, JoinKeys buildKeys, HashMatcher probe, BuildKeys keys) {
    this.rows = rows;
    this.buildKeys = buildKeys;
    this.probe = probe;
    this.keys = keys;
    this.unsafe = keys.unsafe();
  }

  @Override
  public void start(Batch batch) {
    // the probe has read the keys
  }

  @Override
  public int first(int left) {
    position = left;
    all = probe.keys().hasNull(left, unsafe);
    if (all) {
      int id = rows.first();
      return id == NONE || mightMatch(id) ? id : next(id);
    }
    unlinked = -1;
    return nextUnlinked();
  }

  @Override
  public int next(int id) {
    if (!all) {
      return nextUnlinked();
    }
    int next = rows.after(id);
    while (next != NONE && !mightMatch(next)) {
      next = rows.after(next);
    }
    return next;
  }

  private int nextUnlinked() {
    while (++unlinked < buildKeys.unlinked.length) {
      if (mightMatch(buildKeys.unlinked[unlinked])) {
        return buildKeys.unlinked[unlinked];
      }
    }
    return NONE;
  }

  private boolean mightMatch(int id) {
    KeyEncoder encoder = probe.keys();
    return keys.nullSafe().size() == 1
        || buildKeys.mightMatch(encoder.rows(), encoder.offsets()[position], id, keys.nullSafe());
  }

  @Override
  public void close() {
    // holds nothing
  }
}
