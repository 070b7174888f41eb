package io.sluice.connectors.iceberg.history;

import io.sluice.connectors.iceberg.io.LocalFileIO;
import io.sluice.engine.connector.SupportsSnapshots.Expired;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/** Expires snapshots of a table and deletes what they alone referred to. */
public final class SnapshotExpiry {
  private static final long MICROS_PER_MILLI = 1_000;

  private final Table table;
  private final List<String> folders = new ArrayList<>();
  private final AtomicLong dataFiles = new AtomicLong();
  private final AtomicLong metadataFiles = new AtomicLong();

  private SnapshotExpiry(Table table) {
    this.table = table;
    folders.add(table.location());
    for (String property :
        List.of(
            TableProperties.WRITE_DATA_LOCATION,
            TableProperties.WRITE_METADATA_LOCATION,
            TableProperties.OBJECT_STORE_PATH)) {
      String folder = table.properties().get(property);
      if (folder != null) {
        folders.add(folder);
      }
    }
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
    ExpireSnapshots expire = table.expireSnapshots().deleteWith(expiry::delete);
    if (olderThanMicros != null) {
      expire.expireOlderThan(Math.floorDiv(olderThanMicros, MICROS_PER_MILLI));
    }
    if (retainLast != null) {
      expire.retainLast(retainLast);
    }
    expire.commit();
    before.removeAll(ids(load.get()));
    return new Expired(before.size(), expiry.dataFiles.get(), expiry.metadataFiles.get());
  }

  private static Set<Long> ids(Table table) {
    Set<Long> ids = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      ids.add(snapshot.snapshotId());
    }
    return ids;
  }

  /** Files elsewhere were registered and are their owner's. */
  private void delete(String location) {
    if (folders.stream().noneMatch(folder -> within(folder, location))) {
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

  private boolean within(String folder, String location) {
    if (table.io() instanceof LocalFileIO) {
      return LocalFileIO.path(location)
          .normalize()
          .startsWith(LocalFileIO.path(folder).normalize());
    }
    return location.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }
}
