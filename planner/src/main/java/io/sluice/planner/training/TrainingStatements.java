package io.sluice.planner.training;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.EngineVersion;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.Session;
import io.sluice.planner.parse.TrainingStatement;
import io.sluice.planner.parse.TrainingStatement.Act;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.training.VersionRecord.SplitRows;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Carries out statements about training datasets; each gives rows as a plan, or null. */
public final class TrainingStatements {
  private static final List<OutputColumn> CREATED =
      List.of(
          ResultRows.column("name", SqlType.VARCHAR),
          ResultRows.column("version", SqlType.BIGINT),
          ResultRows.column("created", SqlType.BOOLEAN),
          ResultRows.column("rows", new SqlType.Map(SqlType.VARCHAR, SqlType.BIGINT)),
          ResultRows.column("left_out", new SqlType.Map(SqlType.VARCHAR, SqlType.BIGINT)),
          ResultRows.column("hash", SqlType.VARCHAR),
          ResultRows.column("warnings", new SqlType.Array(SqlType.VARCHAR)));

  private static final List<OutputColumn> EXPORTED =
      List.of(ResultRows.column("record", SqlType.VARCHAR));

  private final Engine engine;
  private final QueryPlanner planner;
  private final Set<String> checked = ConcurrentHashMap.newKeySet();

  public TrainingStatements(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
    planner.guardDatasets(this::checkRecomputed);
  }

  /** What another engine has made is computed again only where it comes out the same. */
  private void checkRecomputed(StoredDataset version, StatementTables tables) {
    VersionRecord record = RecordJson.read(version.record());
    String identity = version.dataset() + "@" + version.version() + ":" + record.hash();
    if (record.engineVersion().equals(EngineVersion.NUMBER) || checked.contains(identity)) {
      return;
    }
    if (!new VerifyDataset(version, tables, this::queries).equal()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "version "
              + version.version()
              + " of "
              + version.dataset()
              + " was made by Sluice "
              + record.engineVersion()
              + " and has no copy; Sluice "
              + EngineVersion.NUMBER
              + " computes other rows, which VERIFY TRAINING DATASET shows; read it with the"
              + " version that made it");
    }
    checked.add(identity);
  }

  /** Columns of the rows that a statement gives, empty for those that give none. */
  public static List<OutputColumn> columns(TrainingStatement statement) {
    return switch (statement) {
      case TrainingStatement.Create ignored -> CREATED;
      case TrainingStatement.Diff ignored -> DiffDataset.COLUMNS;
      case TrainingStatement.Show ignored -> ShowDatasets.COLUMNS;
      case Act act ->
          switch (act.action()) {
            case VERIFY -> VerifyDataset.COLUMNS;
            case AUDIT -> AuditDataset.COLUMNS;
            case EXPORT -> EXPORTED;
            case DESCRIBE -> ShowDatasets.DESCRIBED;
            case DROP, DROP_COPY, RELEASE -> List.of();
          };
    };
  }

  /** Checks a statement before it runs: plans the query that it holds. */
  public void prepare(
      TrainingStatement statement, StatementTables tables, Session session, QueryContext context) {
    if (statement instanceof TrainingStatement.Create create) {
      new CreateDataset(engine, planner, create, tables, session, context).draft();
    }
  }

  /** Its rows, or null for a statement that gives none. */
  public @Nullable PhysicalPlan run(
      TrainingStatement statement, StatementTables tables, Session session, QueryContext context) {
    return switch (statement) {
      case TrainingStatement.Create create ->
          created(new CreateDataset(engine, planner, create, tables, session, context).run());
      case TrainingStatement.Diff diff -> diff(diff, tables);
      case TrainingStatement.Show show -> ShowDatasets.plan(show, tables);
      case Act act -> act(act, tables);
    };
  }

  /** What CREATE would make: columns, rows per split and pins; stores nothing. */
  public PhysicalPlan explain(
      TrainingStatement.Create create,
      StatementTables tables,
      Session session,
      QueryContext context) {
    VersionRecord draft =
        new CreateDataset(engine, planner, create, tables, session, context).draft();
    return new ExplainDataset(draft, queries(draft, tables)).plan();
  }

  private static PhysicalPlan created(CreateDataset.Created created) {
    VersionRecord record = created.record();
    Map<String, Long> splits = new LinkedHashMap<>();
    for (SplitRows split : record.splits()) {
      splits.put(split.split(), split.rows());
    }
    ResultRows rows = new ResultRows(CREATED);
    rows.add(
        record.schema() + "." + record.name(),
        (long) record.version(),
        created.created(),
        splits,
        new TreeMap<>(record.leftOut()),
        record.hash(),
        record.warnings());
    return rows.plan();
  }

  private PhysicalPlan diff(TrainingStatement.Diff diff, StatementTables tables) {
    StoredDataset from = DatasetVersions.version(diff.name(), diff.from(), tables);
    StoredDataset to = DatasetVersions.version(diff.name(), diff.to(), tables);
    return new DiffDataset(from, to, tables, this::queries).plan();
  }

  private @Nullable PhysicalPlan act(Act act, StatementTables tables) {
    if (act.ifExists() && !DatasetVersions.exists(act.name(), tables)) {
      return null;
    }
    StoredDataset version = DatasetVersions.version(act.name(), act.version(), tables);
    TrainingDatasetStore store =
        RecordedInputs.store(tables.catalog(version.dataset().catalog()), tables.principal());
    if (act.version() == null) {
      checkVersionIsSaid(act, version);
    }
    return switch (act.action()) {
      case VERIFY -> new VerifyDataset(version, tables, this::queries).plan();
      case AUDIT -> new AuditDataset(version, tables, planner, this::queries).plan();
      case EXPORT -> exported(version);
      case DESCRIBE -> ShowDatasets.describe(version);
      case DROP -> drop(version, store, new Pins(version.dataset().catalog(), tables));
      case DROP_COPY -> dropCopy(version, store);
      case RELEASE -> release(version, store, new Pins(version.dataset().catalog(), tables));
    };
  }

  DatasetQueries queries(VersionRecord record, StatementTables over) {
    return new DatasetQueries(
        engine, planner, over, ZoneId.of(record.definition().zone()), record.createdMicros());
  }

  private static PhysicalPlan exported(StoredDataset version) {
    ResultRows rows = new ResultRows(EXPORTED);
    rows.add(RecordJson.pretty(RecordJson.read(version.record())));
    return rows.plan();
  }

  /** What takes something away does not guess of which version. */
  private static void checkVersionIsSaid(Act act, StoredDataset newest) {
    String statement =
        switch (act.action()) {
          case VERIFY, AUDIT, EXPORT, DESCRIBE -> "";
          case DROP -> "DROP TRAINING DATASET %s VERSION %d";
          case DROP_COPY -> "ALTER TRAINING DATASET %s VERSION %d DROP COPY";
          case RELEASE -> "RELEASE TRAINING DATASET %s VERSION %d";
        };
    if (!statement.isEmpty()) {
      throw SqlErrors.at(
          act.name(),
          ErrorCode.SYNTAX_ERROR,
          "say which version is "
              + (act.action() == TrainingStatement.Action.RELEASE ? "released" : "dropped")
              + ": "
              + String.format(
                  Locale.ROOT, statement, String.join(".", act.name().names), newest.version()));
    }
  }

  private static @Nullable PhysicalPlan drop(
      StoredDataset version, TrainingDatasetStore store, Pins pins) {
    VersionRecord record = RecordJson.read(version.record());
    store.drop(version);
    pins.release(record);
    return null;
  }

  private static @Nullable PhysicalPlan dropCopy(
      StoredDataset version, TrainingDatasetStore store) {
    VersionRecord record = RecordJson.read(version.record());
    if (record.pinning() != Pinning.TAGGED) {
      throw new EngineException(
          ErrorCode.PINNED,
          "the copy of version "
              + version.version()
              + " of "
              + version.dataset()
              + " is its only proof, as its inputs are not pinned; DROP TRAINING DATASET drops"
              + " all");
    }
    store.dropRows(version);
    return null;
  }

  private static @Nullable PhysicalPlan release(
      StoredDataset version, TrainingDatasetStore store, Pins pins) {
    VersionRecord record = RecordJson.read(version.record());
    if (version.rows() == null) {
      throw new EngineException(
          ErrorCode.PINNED,
          "version "
              + version.version()
              + " of "
              + version.dataset()
              + " has no copy: without its pins nothing would be left; DROP TRAINING DATASET drops"
              + " all");
    }
    VersionRecord released =
        record.pinned(
            record.inputs().stream().map(input -> input.tagged(null)).toList(), Pinning.RELEASED);
    if (!store.update(version, RecordJson.write(released))) {
      throw new EngineException(
          ErrorCode.COMMIT_CONFLICT,
          "version " + version.version() + " was changed by another session; try again");
    }
    pins.release(record);
    return null;
  }
}
