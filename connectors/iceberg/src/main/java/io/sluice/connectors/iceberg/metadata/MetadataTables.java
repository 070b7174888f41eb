package io.sluice.connectors.iceberg.metadata;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.VirtualTable;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** What a table's metadata tells, as tables. */
public final class MetadataTables {
  /** What may stand after the dollar sign. */
  public static final List<String> NAMES = List.of("snapshots", "history", "refs", "files");

  static final SqlType TEXTS = new SqlType.Map(SqlType.VARCHAR, SqlType.VARCHAR);

  private static final long MICROS_PER_MILLI = 1_000;

  private final Table table;
  private final Function<TableVersion, @Nullable Snapshot> versions;

  /**
   * @param versions the snapshot of a version, null where there is none yet
   */
  public MetadataTables(Table table, Function<TableVersion, @Nullable Snapshot> versions) {
    this.table = table;
    this.versions = versions;
  }

  /** One of {@link #NAMES}. */
  public VirtualTable get(String name) {
    return switch (name) {
      case "snapshots" ->
          new VirtualTable(
              name,
              List.of(
                  required("committed_at", SqlType.TIMESTAMP_TZ),
                  required("snapshot_id", SqlType.BIGINT),
                  optional("parent_id", SqlType.BIGINT),
                  required("sequence_number", SqlType.BIGINT),
                  optional("schema_id", SqlType.INTEGER),
                  optional("operation", SqlType.VARCHAR),
                  optional("manifest_list", SqlType.VARCHAR),
                  optional("summary", TEXTS)),
              "states that can be read, in the order of their commits",
              request -> snapshots());
      case "history" ->
          new VirtualTable(
              name,
              List.of(
                  required("made_current_at", SqlType.TIMESTAMP_TZ),
                  required("snapshot_id", SqlType.BIGINT),
                  optional("parent_id", SqlType.BIGINT),
                  required("is_current_ancestor", SqlType.BOOLEAN)),
              "which snapshot was the current one, and from when",
              request -> history());
      case "refs" ->
          new VirtualTable(
              name,
              List.of(
                  required("name", SqlType.VARCHAR),
                  required("type", SqlType.VARCHAR),
                  required("snapshot_id", SqlType.BIGINT),
                  optional("max_reference_age_in_ms", SqlType.BIGINT),
                  optional("min_snapshots_to_keep", SqlType.INTEGER),
                  optional("max_snapshot_age_in_ms", SqlType.BIGINT)),
              "branches and tags",
              request -> refs());
      case "files" ->
          new VirtualTable(
              name,
              FileRows.COLUMNS,
              "files of a snapshot",
              VirtualTable.Versions.ALL,
              request -> files(request.version()));
      default -> throw new AssertionError(name);
    };
  }

  static ColumnDefinition required(String name, SqlType type) {
    return new ColumnDefinition(name, type, false, null);
  }

  static ColumnDefinition optional(String name, SqlType type) {
    return new ColumnDefinition(name, type, true, null);
  }

  private List<List<@Nullable Object>> snapshots() {
    List<Snapshot> all = new ArrayList<>();
    table.snapshots().forEach(all::add);
    all.sort(
        Comparator.comparingLong(Snapshot::sequenceNumber)
            .thenComparingLong(Snapshot::timestampMillis));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Snapshot snapshot : all) {
      Map<String, String> summary = snapshot.summary();
      rows.add(
          VirtualTable.row(
              snapshot.timestampMillis() * MICROS_PER_MILLI,
              snapshot.snapshotId(),
              snapshot.parentId(),
              snapshot.sequenceNumber(),
              snapshot.schemaId() == null ? null : (long) snapshot.schemaId(),
              snapshot.operation(),
              snapshot.manifestListLocation(),
              summary == null ? null : new TreeMap<>(summary)));
    }
    return rows;
  }

  private List<List<@Nullable Object>> history() {
    Set<Long> ancestors = new HashSet<>();
    if (table.currentSnapshot() != null) {
      ancestors.addAll(SnapshotUtil.currentAncestorIds(table));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (HistoryEntry entry : table.history()) {
      Snapshot snapshot = table.snapshot(entry.snapshotId());
      rows.add(
          VirtualTable.row(
              entry.timestampMillis() * MICROS_PER_MILLI,
              entry.snapshotId(),
              snapshot == null ? null : snapshot.parentId(),
              ancestors.contains(entry.snapshotId())));
    }
    return rows;
  }

  private List<List<@Nullable Object>> refs() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Map.Entry<String, SnapshotRef> entry : new TreeMap<>(table.refs()).entrySet()) {
      SnapshotRef ref = entry.getValue();
      rows.add(
          VirtualTable.row(
              entry.getKey(),
              ref.isBranch() ? "BRANCH" : "TAG",
              ref.snapshotId(),
              ref.maxRefAgeMs(),
              ref.minSnapshotsToKeep() == null ? null : (long) ref.minSnapshotsToKeep(),
              ref.maxSnapshotAgeMs()));
    }
    return rows;
  }

  private List<List<@Nullable Object>> files(TableVersion version) {
    Snapshot snapshot = versions.apply(version);
    return snapshot == null ? List.of() : new FileRows(table, snapshot).rows();
  }
}
