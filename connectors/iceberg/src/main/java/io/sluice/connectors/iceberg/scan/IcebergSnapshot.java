package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.deletes.DeleteSource;
import io.sluice.connectors.iceberg.deletes.ScanDeletes;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.schema.EarlierDeclarations;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.SupportsFollowing;
import io.sluice.engine.connector.SupportsMetadataAggregates;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TrainingDatasetStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * One state of a table.
 *
 * @param snapshot null for a table that has never held rows
 * @param schema with which the state is read
 * @param properties that declare the meaning of its columns
 * @param recordedCommits the commits that led to it, where they were written down; empty where the
 *     table is to be asked
 */
public record IcebergSnapshot(
    IcebergTable table,
    @Nullable Snapshot snapshot,
    Schema schema,
    Map<String, String> properties,
    Map<Long, TrainingDatasetStore.Commit> recordedCommits)
    implements SupportsFollowing, SupportsMetadataAggregates {
  private static final int FIRST_VERSION_WITH_LINEAGE = 3;

  IcebergSnapshot(
      IcebergTable table,
      @Nullable Snapshot snapshot,
      Schema schema,
      Map<String, String> properties) {
    this(table, snapshot, schema, properties, Map.of());
  }

  /** The commits that led to this state. */
  CommitLog commitLog() {
    if (!recordedCommits.isEmpty()) {
      return CommitLog.recorded(recordedCommits);
    }
    return snapshot == null
        ? CommitLog.recorded(Map.of())
        : table.context().commits(table.table(), snapshot.snapshotId());
  }

  /** What identifies this state. */
  public TrainingDatasetStore.Identity identity() {
    return new TrainingDatasetStore.Identity(
        tableUuid(), snapshotId(), pinned().state(), commitLog().commits());
  }

  @Override
  public TableName name() {
    return table.name();
  }

  @Override
  public String tableUuid() {
    return table.uuid();
  }

  @Override
  public long snapshotId() {
    return snapshot == null ? -1 : snapshot.snapshotId();
  }

  @Override
  public TableDefinition definition() {
    return Declarations.definition(schema, properties, TableUtil.formatVersion(table.table()));
  }

  @Override
  public TableVersion pin() {
    return pinned();
  }

  private TableVersion.Pinned pinned() {
    return new PinnedState(snapshotId(), schema.schemaId(), EarlierDeclarations.of(properties))
        .version();
  }

  @Override
  public boolean keepsOrder() {
    return table.table().properties().containsKey(IcebergTable.KEEPS_ORDER);
  }

  @Override
  public TableStatistics statistics() {
    if (snapshot == null) {
      return new TableStatistics(0, 0, Map.of());
    }
    return Failures.translated(
        "table " + name(),
        () ->
            table
                .context()
                .statistics(
                    new ScanContext.StatisticsKey(tableUuid(), snapshotId(), schema.schemaId()),
                    () -> SnapshotStatistics.of(icebergScan(), schema.columns())));
  }

  /** What deletes rows of some of this state's files. */
  ScanDeletes deletes(List<FileScanTask> tasks) {
    return new ScanDeletes(
        new DeleteSource(
            name().toString(),
            table.table(),
            schema,
            file -> table.context().open(table.table(), file)),
        tasks);
  }

  /** An unfiltered scan of the library's. */
  org.apache.iceberg.TableScan icebergScan() {
    return isLast() || snapshot == null
        ? table.table().newScan()
        : table.table().newScan().useSnapshot(snapshot.snapshotId());
  }

  /**
   * The schema that {@link #icebergScan} binds filters to, by name: of the last snapshot the
   * table's, of any other the one that it was committed with. Neither need be this state's.
   */
  Schema filterSchema() {
    return isLast() || snapshot == null
        ? table.table().schema()
        : SnapshotUtil.schemaFor(table.table(), snapshot.snapshotId());
  }

  private boolean isLast() {
    Snapshot last = table.table().currentSnapshot();
    return last != null && last.snapshotId() == snapshotId();
  }

  @Override
  public long sequence() {
    return snapshot == null ? 0 : snapshot.sequenceNumber();
  }

  @Override
  public Optional<Known> aggregates(List<Wanted> wanted, ScanRequest request) {
    return Failures.translated(
        "table " + name(), () -> new MetadataAggregates(this, request).answer(wanted));
  }

  @Override
  public int schemaId() {
    return schema.schemaId();
  }

  @Override
  public Difference since(long earlier) {
    boolean appended = false;
    Snapshot at = snapshot;
    while (at != null && at.snapshotId() != earlier) {
      switch (at.operation()) {
        case DataOperations.APPEND -> appended = true;
        case DataOperations.REPLACE -> {
          // before that format rows do not keep their numbers
          if (TableUtil.formatVersion(table.table()) < FIRST_VERSION_WITH_LINEAGE) {
            return Difference.OTHER;
          }
        }
        default -> {
          return Difference.OTHER;
        }
      }
      Long parent = at.parentId();
      if (parent == null) {
        return earlier >= 0 ? Difference.OTHER : appended ? Difference.APPENDED : Difference.NONE;
      }
      at = table.table().snapshot(parent);
      if (at == null && parent != earlier) {
        return Difference.OTHER;
      }
    }
    if (snapshot == null && earlier >= 0) {
      return Difference.OTHER;
    }
    return appended ? Difference.APPENDED : Difference.NONE;
  }

  @Override
  public TableScan scanAppended(long earlier, ScanRequest request) {
    return Failures.translated(
        "table " + name(), () -> new ScanPlanning(this, request).planAppended(earlier));
  }

  @Override
  public TableScan scan(ScanRequest request) {
    return Failures.translated("table " + name(), () -> new ScanPlanning(this, request).plan());
  }
}
