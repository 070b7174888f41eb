package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.metadata.MetadataTables;
import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.schema.EarlierDeclarations;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.HasSubTables;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.SupportsOnlineTables;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TrainingDatasetStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * A table as its catalog had it when it was loaded.
 *
 * @param table never refreshed
 */
public record IcebergTable(TableName name, org.apache.iceberg.Table table, ScanContext context)
    implements SupportsOnlineTables.Mirrored, HasSubTables {
  /** The property of a table whose readers rely on the order of its rows. */
  public static final String KEEPS_ORDER = "sluice.keeps-order";

  /** The property that holds the definition of the table's online table. */
  public static final String ONLINE = "sluice.online";

  private static final int LISTED = 10;

  @Override
  public Optional<String> onlineDefinition() {
    return Optional.ofNullable(table.properties().get(ONLINE));
  }

  @Override
  public List<String> subTables() {
    return MetadataTables.NAMES;
  }

  @Override
  public Relation.Table subTable(String sub) {
    TableName full =
        new TableName(name.catalog(), name.schema(), name.table() + Catalogs.SUB_TABLE_MARK + sub);
    MetadataTables tables =
        new MetadataTables(table, version -> table.snapshot(snapshot(version).snapshotId()));
    // who may load the table may see what it is made of
    return tables.get(sub).relation(full, Principal.ANONYMOUS);
  }

  @Override
  public String uuid() {
    return table.uuid().toString();
  }

  @Override
  public TableDefinition definition() {
    return Declarations.definition(
        table.schema(), table.properties(), TableUtil.formatVersion(table));
  }

  @Override
  public TableSnapshot snapshot(TableVersion version) {
    return switch (version) {
      case TableVersion.Current ignored ->
          new IcebergSnapshot(this, table.currentSnapshot(), table.schema(), table.properties());
      case TableVersion.AsOfTime time -> at(asOf(time.epochMicros()));
      case TableVersion.AsOfSnapshot id -> at(existing(id.snapshotId()));
      case TableVersion.AsOfReference reference -> at(reference.name());
      case TableVersion.Pinned pinned -> at(PinnedState.of(pinned));
      case TableVersion.AsRead read -> throw new AssertionError(read);
    };
  }

  private Snapshot existing(long snapshotId) {
    Snapshot snapshot = table.snapshot(snapshotId);
    if (snapshot == null) {
      throw unknown("has no snapshot " + snapshotId, snapshots());
    }
    return snapshot;
  }

  /**
   * A state as it was written down.
   *
   * @param commits that led to it, by sequence number
   */
  public IcebergSnapshot recorded(
      TableVersion.Pinned version, Map<Long, TrainingDatasetStore.Commit> commits) {
    IcebergSnapshot state = at(PinnedState.of(version));
    return new IcebergSnapshot(
        state.table(), state.snapshot(), state.schema(), state.properties(), commits);
  }

  private IcebergSnapshot at(PinnedState pinned) {
    Schema schema = table.schemas().get(pinned.schema());
    if (schema == null) {
      throw unknown("has no schema " + pinned.schema(), "it has been expired");
    }
    return new IcebergSnapshot(
        this,
        pinned.snapshot() < 0 ? null : existing(pinned.snapshot()),
        schema,
        EarlierDeclarations.with(table.properties(), pinned.declared()));
  }

  private IcebergSnapshot at(Snapshot snapshot) {
    return new IcebergSnapshot(
        this,
        snapshot,
        SnapshotUtil.schemaFor(table, snapshot.snapshotId()),
        EarlierDeclarations.at(table.properties(), snapshot.sequenceNumber()));
  }

  private IcebergSnapshot at(String reference) {
    SnapshotRef ref = table.refs().get(reference);
    if (ref == null) {
      throw unknown(
          "has no tag or branch " + reference,
          table.refs().isEmpty()
              ? "it has none"
              : "there are " + String.join(", ", new TreeSet<>(table.refs().keySet())));
    }
    Snapshot snapshot = table.snapshot(ref.snapshotId());
    // as Iceberg has it, a branch is read with the table's schema, a tag with its snapshot's
    return ref.isTag()
        ? at(snapshot)
        : new IcebergSnapshot(this, snapshot, table.schema(), table.properties());
  }

  private Snapshot asOf(long epochMicros) {
    long millis = Math.floorDiv(epochMicros, 1000L);
    @Nullable Snapshot last = null;
    // the log need not be in order of time where clocks differ: the latest commit before counts
    for (HistoryEntry entry : table.history()) {
      if (entry.timestampMillis() <= millis) {
        Snapshot snapshot = table.snapshot(entry.snapshotId());
        last = snapshot == null ? last : snapshot;
      }
    }
    if (last == null) {
      throw unknown(
          "had no rows at " + Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS), snapshots());
    }
    return last;
  }

  private String snapshots() {
    List<Snapshot> all = StreamSupport.stream(table.snapshots().spliterator(), false).toList();
    if (all.isEmpty()) {
      return "it has none";
    }
    String listed =
        all.subList(Math.max(0, all.size() - LISTED), all.size()).stream()
            .map(s -> s.snapshotId() + " of " + Instant.ofEpochMilli(s.timestampMillis()))
            .collect(Collectors.joining(", "));
    return (all.size() > LISTED ? "the last " + LISTED + " are " : "there are ") + listed;
  }

  private EngineException unknown(String what, String choices) {
    return new EngineException(
        ErrorCode.UNKNOWN_VERSION, "table " + name + " " + what + "; " + choices);
  }
}
