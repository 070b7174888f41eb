package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;

/** All right rows. */
final class LoopMatcher implements Matcher {
  private final StoredRows rows;

  LoopMatcher(StoredRows rows) {
    this.rows = rows;
  }

  @Override
  public void start(Batch batch) {
    // every left row is tried with every right row
  }

  @Override
  public int first(int position) {
    return rows.first();
  }

  @Override
  public int next(int id) {
    return rows.after(id);
  }

  @Override
  public void close() {
    // holds nothing
  }
}
