package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.SupportsTrainingDatasets;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableResolver;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Input;
import io.sluice.planner.training.VersionRecord.StoredView;
import io.sluice.planner.validate.DialectValidator;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a dataset's query reads: written down, and found again. */
public final class RecordedInputs {
  private static final String TEMPORARY = "temporary";

  private RecordedInputs() {}

  /** The catalog's store of training datasets. */
  static TrainingDatasetStore store(Catalog catalog, Principal principal) {
    if (catalog instanceof SupportsTrainingDatasets supporting) {
      return supporting.trainingDatasets(principal);
    }
    throw new EngineException(
        ErrorCode.UNSUPPORTED, "catalog " + catalog.name() + " cannot keep training datasets");
  }

  /** The states of tables that planning has resolved. */
  static List<Input> inputs(StatementTables tables) {
    List<Input> inputs = new ArrayList<>();
    tables
        .snapshotsUsed()
        .forEach(
            (name, versions) ->
                versions.forEach(
                    (version, snapshot) -> inputs.add(input(name, version, snapshot, tables))));
    inputs.sort(
        Comparator.comparing(Input::catalog)
            .thenComparing(Input::schema)
            .thenComparing(Input::table)
            .thenComparing(Input::version));
    return inputs;
  }

  private static Input input(
      TableName name, TableVersion version, TableSnapshot snapshot, StatementTables tables) {
    if (StatementTables.isTemporary(name)) {
      return temporary(name, version, snapshot, tables);
    }
    TrainingDatasetStore.Identity identity =
        store(tables.catalog(name.catalog()), tables.principal()).identity(snapshot);
    return new Input(
        name.catalog(),
        name.schema(),
        name.table(),
        text(version),
        identity.uuid(),
        identity.snapshotId(),
        identity.state(),
        identity.commits(),
        snapshot.statistics().rowCount(),
        null,
        null);
  }

  /** A temporary table, which will be copied; other sessions find the copy under its name. */
  private static Input temporary(
      TableName name, TableVersion version, TableSnapshot snapshot, StatementTables tables) {
    return new Input(
        tables.defaultCatalog(),
        tables.defaultSchema(),
        name.table(),
        text(version),
        snapshot.tableUuid(),
        snapshot.snapshotId(),
        TEMPORARY,
        Map.of(),
        snapshot.statistics().rowCount(),
        null,
        null);
  }

  /** Whether the input is a temporary table of which no copy has been made yet. */
  static boolean isTemporary(Input input) {
    return input.state().equals(TEMPORARY);
  }

  /** The views that planning has met. */
  static List<StoredView> views(StatementTables tables) {
    List<StoredView> views = new ArrayList<>();
    for (Relation relation : tables.relationsUsed()) {
      if (relation instanceof Relation.View view) {
        ViewDefinition definition = view.definition();
        views.add(
            new StoredView(
                view.name().catalog(),
                view.name().schema(),
                view.name().table(),
                definition.sql(),
                definition.defaultCatalog(),
                definition.defaultSchema(),
                definition.columns().stream()
                    .map(c -> new Column(c.name(), c.type().sql(), c.nullable()))
                    .toList()));
      }
    }
    views.sort(Comparator.comparing(view -> view.schema() + "." + view.name()));
    return views;
  }

  private static String text(TableVersion version) {
    return switch (version) {
      case TableVersion.Current ignored -> "current";
      case TableVersion.AsOfTime time -> "time:" + time.epochMicros();
      case TableVersion.AsOfSnapshot snapshot -> "snapshot:" + snapshot.snapshotId();
      case TableVersion.AsOfReference reference -> "reference:" + reference.name();
      case TableVersion.AsRead read -> throw new AssertionError(read);
      case TableVersion.Pinned pinned -> throw new AssertionError(pinned);
    };
  }

  /** The version that an input was asked for in. */
  static TableVersion version(String text) {
    int colon = text.indexOf(':');
    String value = text.substring(colon + 1);
    return switch (colon < 0 ? text : text.substring(0, colon)) {
      case "time" -> new TableVersion.AsOfTime(Long.parseLong(value));
      case "snapshot" -> new TableVersion.AsOfSnapshot(Long.parseLong(value));
      case "reference" -> new TableVersion.AsOfReference(value);
      default -> new TableVersion.Current();
    };
  }

  /**
   * The tables and views of a version as they were.
   *
   * @throws EngineException UNKNOWN_VERSION where one of them is gone
   */
  static StatementTables tables(VersionRecord record, StatementTables now) {
    Map<TableName, Relation> relations = new HashMap<>();
    Map<TableName, Map<TableVersion, TableSnapshot>> states = new HashMap<>();
    for (StoredView view : record.views()) {
      TableName name = new TableName(view.catalog(), view.schema(), view.name());
      relations.put(name, new Relation.View(name, definition(view, now)));
    }
    for (Input input : record.inputs()) {
      TableName name = new TableName(input.catalog(), input.schema(), input.table());
      TableSnapshot state = state(input, record, now);
      states.computeIfAbsent(name, n -> new HashMap<>()).put(version(input.version()), state);
      Relation relation = new RecordedTable(name, input.uuid(), state.definition());
      relations.put(name, relation);
      if (input.copy() != null) {
        // a temporary table may be named with its schema, too
        relations.put(new TableName(name.catalog(), TemporaryTables.NAME, name.table()), relation);
      }
    }
    DatasetDefinition definition = record.definition();
    return now.recorded(definition.defaultCatalog(), definition.defaultSchema(), relations, states);
  }

  /**
   * Resolves the tables of a statement's plans, those that a dataset's version has read included.
   */
  public static TableResolver resolver(StatementTables tables) {
    return (name, version) ->
        version instanceof TableVersion.AsRead read && !tables.isRecorded()
            ? asRead(name, read, tables)
            : tables.snapshot(name, version);
  }

  private static TableSnapshot asRead(
      TableName name, TableVersion.AsRead read, StatementTables tables) {
    TableName dataset = read.dataset();
    StoredDataset version =
        store(tables.catalog(dataset.catalog()), tables.principal())
            .find(dataset.schema(), dataset.table(), read.number())
            .filter(found -> found.state() == StoredDataset.State.COMPLETE)
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.UNKNOWN_VERSION,
                        "training dataset "
                            + dataset
                            + " has no version "
                            + read.number()
                            + " any more"));
    VersionRecord record = RecordJson.read(version.record());
    return record.inputs().stream()
        .filter(input -> input.catalog().equals(name.catalog()))
        .filter(input -> input.schema().equals(name.schema()))
        .filter(input -> input.table().equals(name.table()))
        .filter(input -> input.version().equals(text(read.version())))
        .findFirst()
        .map(input -> state(input, record, tables))
        .orElseThrow(() -> new AssertionError(name));
  }

  static ViewDefinition definition(StoredView view, StatementTables now) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (Column column : view.columns()) {
      columns.add(
          new ColumnDefinition(
              column.name(),
              DialectValidator.typeOf(SqlText.type(column.type()), now),
              column.nullable(),
              null));
    }
    return new ViewDefinition(
        view.sql(), view.defaultCatalog(), view.defaultSchema(), columns, null);
  }

  private static TableSnapshot state(Input input, VersionRecord record, StatementTables now) {
    TrainingDatasetStore store = storeOf(input, now);
    TableName recorded = place(input);
    Optional<TableSnapshot> found = state(store, recorded, input);
    if (found.isEmpty()) {
      found = store.named(input.uuid()).flatMap(renamed -> state(store, renamed, input));
    }
    return found.orElseThrow(
        () ->
            new EngineException(
                ErrorCode.UNKNOWN_VERSION,
                "version "
                    + record.version()
                    + " of "
                    + record.schema()
                    + "."
                    + record.name()
                    + " reads snapshot "
                    + input.snapshotId()
                    + " of table "
                    + recorded
                    + ", which is no longer there: "
                    + (store.named(input.uuid()).isPresent()
                        ? "the snapshot has expired"
                        : "the table was dropped"
                            + (now.load(recorded).isPresent()
                                ? ", and the one of that name now is another"
                                : ""))));
  }

  /** Where the rows of an input lie: the table, or the copy of a temporary one. */
  static TableName place(Input input) {
    VersionRecord.Place copy = input.copy();
    return copy == null
        ? new TableName(input.catalog(), input.schema(), input.table())
        : new TableName(copy.catalog(), copy.schema(), copy.table());
  }

  /** The store of the catalog in which an input's rows lie. */
  static TrainingDatasetStore storeOf(Input input, StatementTables tables) {
    return store(tables.catalog(place(input).catalog()), tables.principal());
  }

  private static Optional<TableSnapshot> state(
      TrainingDatasetStore store, TableName table, Input input) {
    return store.state(table, input.uuid(), input.snapshotId(), input.state(), input.commits());
  }

  /** A table as it was: its states are known to the statement already. */
  private record RecordedTable(TableName name, String uuid, TableDefinition definition)
      implements Relation.Table {
    @Override
    public TableSnapshot snapshot(TableVersion version) {
      throw new EngineException(
          ErrorCode.UNKNOWN_VERSION, "table " + name + " was not read in version " + version);
    }
  }
}
