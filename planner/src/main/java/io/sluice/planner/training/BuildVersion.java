package io.sluice.planner.training;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.statement.Draining;
import io.sluice.planner.training.DatasetDefinition.Fit;
import io.sluice.planner.training.VersionRecord.Fitted;
import io.sluice.planner.training.VersionRecord.Input;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.training.VersionRecord.SplitRows;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.rel.RelNode;

/** Makes a claimed version: pins, rows, hashes, statistics, transforms. */
final class BuildVersion {
  private final Engine engine;
  private final QueryPlanner planner;
  private final StatementTables tables;

  BuildVersion(Engine engine, QueryPlanner planner, StatementTables tables) {
    this.engine = engine;
    this.planner = planner;
    this.tables = tables;
  }

  VersionRecord build(Claim claim) {
    VersionRecord pinned = pin(claim, copyTemporary(claim));
    DatasetQueries queries = queries(pinned, RecordedInputs.tables(pinned, tables));
    VersionRecord split = SplitBounds.resolve(pinned, queries);
    Map<String, Long> leftOut = write(split, queries, claim);
    Relation.Table rows = claim.build().rows();
    DatasetQueries written = queries(split, DatasetReading.over(rows, tables));
    ReadRows read = ReadRows.of(split, written, DatasetSql.copy(split, rows.name()));
    VersionRecord hashed = split.hashed(read.splits(), read.hash(), leftOut);
    VersionRecord complete =
        hashed.described(
            warnings(hashed, queries, written, rows.name()),
            fit(hashed, written, rows.name()),
            read.profiles());
    pinAgain(complete, claim.pins());
    claim.complete(complete);
    return complete;
  }

  /** The inputs, with copies of temporary tables in place of these. */
  private List<Input> copyTemporary(Claim claim) {
    List<Input> inputs = new ArrayList<>();
    for (Input input : claim.record().inputs()) {
      inputs.add(RecordedInputs.isTemporary(input) ? copy(input, claim) : input);
    }
    return inputs;
  }

  private Input copy(Input input, Claim claim) {
    TableName temporary = new TableName(TemporaryTables.NAME, TemporaryTables.NAME, input.table());
    Relation.Table table = tables.table(List.of(temporary.catalog(), temporary.table()));
    DatasetQueries queries = queries(claim.record(), tables);
    String sql =
        "SELECT * FROM " + Sql.name(TemporaryTables.NAME) + "." + Sql.name(temporary.table());
    try (QueryExecution execution = engine.execute(queries.plan(sql), queries.context());
        TableWrite write = claim.build().writeInput(input.table(), table.definition())) {
      Draining.drain(execution.results(), write::write);
      write.commit();
    }
    TableSnapshot copy = claim.build().input(input.table()).snapshot(new TableVersion.Current());
    TrainingDatasetStore.Identity identity =
        RecordedInputs.store(tables.catalog(copy.name().catalog()), tables.principal())
            .identity(copy);
    return input.copied(
        new VersionRecord.Place(copy.name().catalog(), copy.name().schema(), copy.name().table()),
        identity.uuid(),
        identity.snapshotId(),
        identity.state());
  }

  private List<String> warnings(
      VersionRecord record, DatasetQueries queries, DatasetQueries written, TableName rows) {
    List<String> warnings = new ArrayList<>(Warnings.of(record, queries));
    RelNode form =
        planner.form(
            Sql.query(record.definition().sql()),
            RecordedInputs.tables(record, tables),
            ZoneId.of(record.definition().zone()),
            List.of());
    warnings.addAll(
        ArrivalWarnings.of(record, form, queries, written, DatasetSql.copy(record, rows)));
    return warnings;
  }

  private VersionRecord pin(Claim claim, List<Input> unpinned) {
    VersionRecord record = claim.record();
    List<Input> inputs = claim.pins().pin(unpinned);
    boolean tagged = Pins.complete(inputs);
    VersionRecord pinned = record.pinned(inputs, tagged ? Pinning.TAGGED : Pinning.COPIED);
    claim.pinned(pinned);
    if (!tagged) {
      boolean required = record.definition().option("pin", "preferred").equals("required");
      if (required || record.storage().equals("virtual")) {
        String refusing =
            inputs.stream()
                .filter(input -> input.tag() == null && input.snapshotId() >= 0)
                .map(input -> RecordedInputs.place(input).toString())
                .findFirst()
                .orElse("");
        throw new EngineException(
            ErrorCode.UNSUPPORTED,
            "table "
                + refusing
                + " refuses the tag that would keep its snapshot"
                + (required
                    ? "; without pin = 'required' the stored copy is the proof"
                    : ", and a virtual dataset has no copy to be the proof"));
      }
    }
    return pinned;
  }

  /** Another session may have removed a shared tag just before it learned of this version. */
  private static void pinAgain(VersionRecord record, Pins pins) {
    if (record.pinning() == Pinning.TAGGED && !Pins.complete(pins.pin(record.inputs()))) {
      throw new EngineException(
          ErrorCode.COMMIT_CONFLICT,
          "a snapshot that the dataset reads expired while it was made; create it again");
    }
  }

  private DatasetQueries queries(VersionRecord record, StatementTables over) {
    return new DatasetQueries(
        engine, planner, over, ZoneId.of(record.definition().zone()), record.createdMicros());
  }

  private Map<String, Long> write(VersionRecord record, DatasetQueries queries, Claim claim) {
    DatasetSql sql = DatasetSql.of(record);
    try (QueryExecution execution = engine.execute(queries.plan(sql.build()), queries.context());
        TableWrite write = claim.build().write();
        BufferAllocator memory =
            engine.allocator().newChildAllocator("training dataset", 0, Long.MAX_VALUE)) {
      WrittenRows rows =
          new WrittenRows(
              record.definition(), sql.storedColumns(), memory, write, claim.progress());
      Draining.drain(execution.results(), rows::accept);
      Map<String, Long> leftOut = rows.leftOut();
      write.commit();
      return leftOut;
    }
  }

  private List<Fitted> fit(VersionRecord record, DatasetQueries written, TableName rows) {
    Fit fit = record.definition().fit();
    if (fit == null) {
      return List.of();
    }
    boolean there = record.splits().stream().map(SplitRows::split).anyMatch(fit.split()::equals);
    if (!there) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "FIT ON " + fit.split() + ": the split has no rows to fit on");
    }
    String train = DatasetSql.copy(record, rows) + " WHERE \"split\" = " + Sql.text(fit.split());
    return new FitTransforms(written, train, record.columns()).fit(fit);
  }
}
