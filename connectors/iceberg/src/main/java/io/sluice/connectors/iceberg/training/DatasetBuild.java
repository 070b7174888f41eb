package io.sluice.connectors.iceberg.training;

import io.sluice.connectors.iceberg.TableChanges;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.scan.IcebergTable;
import io.sluice.connectors.iceberg.scan.ScanContext;
import io.sluice.connectors.iceberg.write.IcebergTableWrite;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset.State;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.engine.connector.WriteMode;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.Table;

/** A version that this process is building. */
final class DatasetBuild implements TrainingDatasetStore.Build {
  private final TableName name;
  private final TableChanges tables;
  private final ScanContext context;
  private final TableDefinition definition;
  private final String owner;
  private final Duration lease;
  private final Runnable removal;
  private boolean finished;

  DatasetBuild(
      TableName name,
      TableChanges tables,
      ScanContext context,
      TableDefinition definition,
      String owner,
      Duration lease,
      Runnable removal) {
    this.removal = removal;
    this.name = name;
    this.tables = tables;
    this.context = context;
    this.definition = definition;
    this.owner = owner;
    this.lease = lease;
  }

  private Table load() {
    return tables.load(name);
  }

  private boolean mine(Map<String, String> properties) {
    return owner.equals(properties.get(VersionTable.OWNER))
        && State.BUILDING.name().equals(properties.get(VersionTable.STATE));
  }

  @Override
  public Relation.Table rows() {
    return Failures.translated("table " + name, () -> new IcebergTable(name, load(), context));
  }

  @Override
  public void renew(long rows) {
    Failures.translated(
        "table " + name,
        () -> {
          VersionTable.change(
              load(),
              this::mine,
              Map.of(
                  VersionTable.LEASE_UNTIL,
                  Long.toString(System.currentTimeMillis() + lease.toMillis()),
                  VersionTable.PROGRESS,
                  Long.toString(rows)));
        });
  }

  @Override
  public TableWrite write() {
    return Failures.translated(
        "table " + name,
        () -> {
          TableChanges.Target target = tables.target(name, definition, WriteMode.APPEND);
          return new IcebergTableWrite(name.toString(), target.definition(), target.commit());
        });
  }

  private TableName inputName(String input) {
    return new TableName(
        name.catalog(), name.schema(), VersionTable.inputName(name.table(), input));
  }

  @Override
  public TableWrite writeInput(String input, TableDefinition columns) {
    TableName copy = inputName(input);
    return Failures.translated(
        "table " + copy,
        () -> {
          TableChanges.Target target = tables.target(copy, columns, WriteMode.CREATE);
          return new IcebergTableWrite(copy.toString(), target.definition(), target.commit());
        });
  }

  @Override
  public Relation.Table input(String input) {
    TableName copy = inputName(input);
    return Failures.translated(
        "table " + copy, () -> new IcebergTable(copy, tables.load(copy), context));
  }

  @Override
  public void complete(String record, boolean keepRows) {
    Failures.translated(
        "table " + name,
        () -> {
          boolean done =
              VersionTable.change(
                  load(),
                  this::mine,
                  Map.of(
                      VersionTable.STATE,
                      State.COMPLETE.name(),
                      VersionTable.LEASE_UNTIL,
                      "0",
                      VersionTable.ROWS,
                      keepRows ? VersionTable.ROWS_KEPT : VersionTable.ROWS_DROPPED,
                      VersionTable.RECORD,
                      record));
          if (!done) {
            throw new EngineException(
                ErrorCode.COMMIT_CONFLICT,
                "the claim on this version was lost: its lease ran out and another server removed"
                    + " it; create it again");
          }
          finished = true;
          if (!keepRows) {
            IcebergTrainingDatasets.deleteRows(load());
          }
        });
  }

  @Override
  public void close() {
    if (finished) {
      return;
    }
    finished = true;
    Failures.translated(
        "table " + name,
        () -> {
          boolean ours =
              VersionTable.change(
                  load(), this::mine, Map.of(VersionTable.STATE, State.DROPPED.name()));
          if (ours) {
            removal.run();
          }
        });
  }
}
