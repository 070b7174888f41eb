package io.sluice.engine.online;

import io.sluice.engine.connector.TableName;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

/**
 * Which process keeps which rows of online tables, and how they ask each other. Every process reads
 * its rows from the lake itself; no rows are sent but answers.
 */
public interface OnlineStore extends AutoCloseable {
  /**
   * Called once, when the first online table appears. May block.
   *
   * @param tables those of this process
   */
  void start(OnlineTables tables);

  /**
   * The shares of all rows that this process is to keep, of {@link OnlineRows#SHARES}. Where this
   * changes, {@link OnlineTables#sharesChanged} is called.
   */
  BitSet shares();

  /**
   * The rows that count for keys at an instant, in the order of the keys, empty where there is
   * none. Never blocks. A future that fails says why there is no answer.
   *
   * @param loaded how the keys are written
   */
  CompletableFuture<EncodedRows> lookup(
      OnlineTable table, OnlineTable.Loaded loaded, EncodedRows keys, long nowMicros);

  /** Whether lookups are answered by this process alone: their futures are complete. */
  boolean answersAtOnce();

  /** Tells the other processes that a table of the lake was changed here. Never blocks. */
  void committed(TableName lakeTable);

  @Override
  void close();
}
