package io.sluice.engine.online;

import io.sluice.engine.connector.TableName;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

/** One process that keeps all rows. */
public final class LocalStore implements OnlineStore {
  @Override
  public void start(OnlineTables tables) {}

  @Override
  public BitSet shares() {
    return all();
  }

  /** Every share. */
  public static BitSet all() {
    BitSet all = new BitSet(OnlineRows.SHARES);
    all.set(0, OnlineRows.SHARES);
    return all;
  }

  @Override
  public CompletableFuture<EncodedRows> lookup(
      OnlineTable table, OnlineTable.Loaded loaded, EncodedRows keys, long nowMicros) {
    try {
      return CompletableFuture.completedFuture(table.read(loaded, keys, nowMicros));
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  @Override
  public boolean answersAtOnce() {
    return true;
  }

  @Override
  public void committed(TableName lakeTable) {}

  @Override
  public void close() {}
}
