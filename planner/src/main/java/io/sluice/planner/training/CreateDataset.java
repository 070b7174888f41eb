package io.sluice.planner.training;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineVersion;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.engine.connector.VirtualRelation;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.Session;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.parse.TrainingStatement;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlSelect;

/**
 * CREATE TRAINING DATASET. The steps: check and plan the query; claim a version's number; pin what
 * the query reads; write the rows in their canonical order; read them once for hashes and
 * statistics; make the version visible. Before the last step nothing is visible, and a failure
 * leaves nothing behind.
 */
final class CreateDataset {
  private static final int CLAIMS = 100;

  private final Engine engine;
  private final QueryPlanner planner;
  private final TrainingStatement.Create create;
  private final StatementTables tables;
  private final Session session;
  private final QueryContext context;
  private final TableName name;
  private final TrainingDatasetStore store;

  CreateDataset(
      Engine engine,
      QueryPlanner planner,
      TrainingStatement.Create create,
      StatementTables tables,
      Session session,
      QueryContext context) {
    this.engine = engine;
    this.planner = planner;
    this.create = create;
    this.tables = tables;
    this.session = session;
    this.context = context;
    this.name = tables.qualify(create.name().names);
    this.store = RecordedInputs.store(tables.catalog(name.catalog()), tables.principal());
  }

  /** A version and whether this statement has made it. */
  record Created(VersionRecord record, boolean created) {}

  /** What the statement asks for, planned; nothing has been stored. */
  VersionRecord draft() {
    tables
        .load(name)
        .filter(relation -> !(relation instanceof Relation.Dataset))
        .ifPresent(
            relation -> {
              throw SqlErrors.at(
                  create.name(),
                  ErrorCode.ALREADY_EXISTS,
                  name + " is a " + (relation instanceof Relation.View ? "view" : "table"));
            });
    if (QueryPlanner.countParameters(create.query()) > 0) {
      throw SqlErrors.at(
          create.query(), ErrorCode.UNSUPPORTED, "a training dataset's query has no parameters");
    }
    Nondeterminism.check(create.query(), "");
    StatementTables inputs = tables.fresh();
    List<OutputColumn> output =
        planner.plan(create.query(), inputs, session.zone(), List.of()).plan().output();
    checkInputs(inputs);
    RelNode form = planner.form(create.query(), inputs, session.zone(), List.of());
    checkNames(form, output);
    new ClauseExpressions(planner, tables.fresh(), session.zone()).check(create);
    List<Column> columns = columns(output);
    DatasetDefinition definition =
        new ReadDefinition(create, columns, Spine.key(create.query(), inputs)).read(session);
    LeakageChecks.of(
            create.query(), definition, form, columns.stream().map(Column::name).toList(), inputs)
        .check();
    return new VersionRecord(
        VersionRecord.LAYOUT,
        name.catalog(),
        name.schema(),
        name.table(),
        create.version() == null ? 0 : create.version(),
        create.comment(),
        definition,
        ExpandedSql.of(create.sql(), create.query(), inputs),
        columns,
        RecordedInputs.inputs(inputs),
        RecordedInputs.views(inputs),
        context.nowMicros(),
        session.principal().name(),
        EngineVersion.NUMBER,
        definition.option("storage", "materialized"),
        Pinning.TAGGED,
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        "",
        List.of(),
        List.of(),
        List.of());
  }

  /** Columns that the query does not name could not be read by name. */
  private void checkNames(RelNode form, List<OutputColumn> output) {
    List<String> given = form.getRowType().getFieldNames();
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i).startsWith("EXPR$")) {
        boolean written =
            create.query() instanceof SqlSelect select
                && select.getSelectList().size() == given.size();
        throw SqlErrors.at(
            written ? ((SqlSelect) create.query()).getSelectList().get(i) : create.query(),
            ErrorCode.INVALID_ARGUMENT,
            "column " + output.get(i).name() + " of the query has no name; give it one with AS");
      }
    }
  }

  private static List<Column> columns(List<OutputColumn> output) {
    return output.stream()
        .map(column -> new Column(column.name(), column.type().sql(), column.nullable()))
        .toList();
  }

  private void checkInputs(StatementTables inputs) {
    for (Relation relation : inputs.relationsUsed()) {
      switch (relation) {
        case VirtualRelation computed ->
            throw SqlErrors.at(
                create.query(),
                ErrorCode.UNSUPPORTED,
                computed.name()
                    + " is computed whenever it is read and has no snapshots, which a training"
                    + " dataset pins; make a table of it first with CREATE TABLE ... AS SELECT");
        case Relation.Table ignored -> {}
        case Relation.View view -> {
          if (SqlText.parse(view.definition().sql()) instanceof Statement.Query query) {
            Nondeterminism.check(query.query(), " (in view " + view.name() + ")");
          }
        }
        case Relation.Dataset dataset ->
            throw SqlErrors.at(
                create.query(),
                ErrorCode.UNSUPPORTED,
                "a training dataset does not read another one ("
                    + dataset.name()
                    + "); make a table of it first with CREATE TABLE ... AS SELECT");
      }
    }
  }

  Created run() {
    VersionRecord draft = draft();
    Pins pins = new Pins(name.catalog(), tables);
    Abandoned.remove(store, pins);
    pins.sweep(draft.inputs());
    Optional<VersionRecord> existing = existing(draft);
    if (existing.isPresent()) {
      return new Created(existing.get(), false);
    }
    try (Claim claim = claim(draft, pins)) {
      return new Created(new BuildVersion(engine, planner, tables).build(claim), true);
    }
  }

  // -------- which version

  private Optional<VersionRecord> existing(VersionRecord draft) {
    List<StoredDataset> all =
        store.list(name.schema()).stream()
            .filter(version -> version.dataset().table().equals(name.table()))
            .toList();
    if (draft.version() > 0) {
      return all.stream()
          .filter(version -> version.version() == draft.version())
          .findFirst()
          .map(version -> same(version, draft));
    }
    return all.stream()
        .filter(version -> version.state() == StoredDataset.State.COMPLETE)
        .reduce((first, second) -> second)
        .map(version -> RecordJson.read(version.record()))
        .filter(
            record ->
                record.definition().equals(draft.definition())
                    && record.views().equals(draft.views())
                    && states(record).equals(states(draft)));
  }

  private static List<String> states(VersionRecord record) {
    return record.inputs().stream()
        .map(
            input ->
                input.uuid()
                    + ":"
                    + input.version()
                    + ":"
                    + input.snapshotId()
                    + ":"
                    + input.state())
        .sorted()
        .toList();
  }

  /** The version of that number where it has the same definition. */
  private VersionRecord same(StoredDataset version, VersionRecord draft) {
    switch (version.state()) {
      case BUILDING ->
          throw SqlErrors.at(
              create.name(),
              ErrorCode.COMMIT_CONFLICT,
              "version " + version.version() + " of " + name + " is being built right now");
      case DROPPED ->
          throw SqlErrors.at(
              create.name(),
              ErrorCode.ALREADY_EXISTS,
              "version "
                  + version.version()
                  + " of "
                  + name
                  + " was dropped, and numbers are not used again; leave VERSION out for the next");
      case COMPLETE -> {}
    }
    VersionRecord record = RecordJson.read(version.record());
    String difference = DefinitionDifference.first(record.definition(), draft.definition());
    if (difference != null) {
      throw SqlErrors.at(
          create.name(),
          ErrorCode.ALREADY_EXISTS,
          "version "
              + version.version()
              + " of "
              + name
              + " exists with another definition: "
              + difference
              + "; leave VERSION out for the next number");
    }
    return record;
  }

  private Claim claim(VersionRecord draft, Pins pins) {
    for (int attempt = 0; attempt < CLAIMS; attempt++) {
      VersionRecord numbered = draft.version() > 0 ? draft : draft.numbered(next());
      Optional<TrainingDatasetStore.Build> build =
          store.begin(
              name.schema(),
              name.table(),
              numbered.version(),
              TableDefinition.of(numbered.storedDefinitions(tables)),
              RecordJson.write(numbered),
              Claim.LEASE);
      if (build.isPresent()) {
        return new Claim(numbered, build.get(), pins);
      }
      if (draft.version() > 0) {
        break;
      }
    }
    throw SqlErrors.at(
        create.name(),
        ErrorCode.COMMIT_CONFLICT,
        "another session is creating a version of " + name + " right now; try again");
  }

  private int next() {
    return 1
        + store.list(name.schema()).stream()
            .filter(version -> version.dataset().table().equals(name.table()))
            .mapToInt(StoredDataset::version)
            .max()
            .orElse(0);
  }
}
