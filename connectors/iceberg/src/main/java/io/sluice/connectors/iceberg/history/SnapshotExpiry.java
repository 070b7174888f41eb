package io.sluice.connectors.iceberg.history;

import io.sluice.engine.connector.SupportsSnapshots.Expired;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/** Expires snapshots of a table and deletes what they alone referred to. */
public final class SnapshotExpiry {
  private static final long MICROS_PER_MILLI = 1_000;

  private final Table table;
  private final TableFolders folders;
  private final AtomicLong dataFiles = new AtomicLong();
  private final AtomicLong metadataFiles = new AtomicLong();

  private SnapshotExpiry(Table table) {
    this.table = table;
    this.folders = TableFolders.of(table);
  }

  /**
   * @param load reads the table from its catalog
   * @param olderThanMicros null for what the table's properties say
   * @param retainLast null for what the table's properties say
   */
  public static Expired run(
      Supplier<Table> load, @Nullable Long olderThanMicros, @Nullable Integer retainLast) {
    Table table = load.get();
    Set<Long> before = ids(table);
    SnapshotExpiry expiry = new SnapshotExpiry(table);
    ExpireSnapshots expire = expiry(table, olderThanMicros, retainLast);
    // Named one by one, all files are found that nothing reaches any more. Otherwise the library
    // looks for those only that an expired commit has replaced, so that what the oldest remaining
    // one has replaced would stay.
    for (Snapshot snapshot : expiry(table, olderThanMicros, retainLast).apply()) {
      expire.expireSnapshotId(snapshot.snapshotId());
    }
    expire.deleteWith(expiry::delete).commit();
    before.removeAll(ids(load.get()));
    return new Expired(before.size(), expiry.dataFiles.get(), expiry.metadataFiles.get());
  }

  private static ExpireSnapshots expiry(
      Table table, @Nullable Long olderThanMicros, @Nullable Integer retainLast) {
    ExpireSnapshots expire = table.expireSnapshots();
    if (olderThanMicros != null) {
      expire.expireOlderThan(Math.floorDiv(olderThanMicros, MICROS_PER_MILLI));
    }
    if (retainLast != null) {
      expire.retainLast(retainLast);
    }
    return expire;
  }

  private static Set<Long> ids(Table table) {
    Set<Long> ids = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      ids.add(snapshot.snapshotId());
    }
    return ids;
  }

  private void delete(String location) {
    if (!folders.hold(location)) {
      return;
    }
    try {
      table.io().deleteFile(location);
    } catch (NotFoundException gone) {
      return;
    }
    boolean metadata = location.endsWith(".avro") || location.endsWith(".stats");
    (metadata ? metadataFiles : dataFiles).incrementAndGet();
  }
}
