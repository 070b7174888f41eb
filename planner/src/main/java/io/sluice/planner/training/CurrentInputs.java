package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.planner.training.VersionRecord.Input;
import io.sluice.planner.training.VersionRecord.StoredView;
import io.sluice.planner.validate.StatementTables;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a version's query reads, as it is now; views as the version has them. */
final class CurrentInputs {
  private CurrentInputs() {}

  static StatementTables tables(VersionRecord record, StatementTables tables) {
    Map<TableName, Relation> replacing = new HashMap<>();
    for (StoredView view : record.views()) {
      TableName name = new TableName(view.catalog(), view.schema(), view.name());
      replacing.put(name, new Relation.View(name, RecordedInputs.definition(view, tables)));
    }
    for (Input input : record.inputs()) {
      TableName name = new TableName(input.catalog(), input.schema(), input.table());
      current(input, name, tables).ifPresent(relation -> replacing.put(name, relation));
    }
    DatasetDefinition definition = record.definition();
    return tables.overlaid(definition.defaultCatalog(), definition.defaultSchema(), replacing);
  }

  /** Tables are known by their UUIDs: a renamed one is found under its present name. */
  private static Optional<Relation> current(Input input, TableName name, StatementTables tables) {
    if (input.copy() != null) {
      return tables.load(RecordedInputs.place(input));
    }
    Optional<Relation> there = tables.load(name);
    if (there.isPresent()
        && there.get() instanceof Relation.Table table
        && table.uuid().equals(input.uuid())) {
      return there;
    }
    TrainingDatasetStore store = RecordedInputs.storeOf(input, tables);
    Optional<Relation> renamed = store.named(input.uuid()).flatMap(tables::load);
    if (renamed.isEmpty()) {
      throw new EngineException(
          ErrorCode.UNKNOWN_TABLE,
          "table "
              + name
              + ", which the dataset reads, was dropped"
              + (there.isPresent() ? ", and the one of that name now is another" : ""));
    }
    return renamed;
  }
}
