package io.sluice.planner.training;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.SupportsTrainingDatasets;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;

/** Which datasets keep a table. */
public final class PinnedTables {
  private PinnedTables() {}

  /**
   * Fails where a version of a training dataset pins the table.
   *
   * @param written the name in the statement
   */
  public static void checkUnpinned(SqlIdentifier written, TableName name, StatementTables tables) {
    if (!(tables.load(name).orElse(null) instanceof Relation.Table table)) {
      return;
    }
    List<String> datasets = datasets(name, table.uuid(), tables);
    if (!datasets.isEmpty()) {
      throw SqlErrors.at(
          written,
          ErrorCode.PINNED,
          "table "
              + name
              + " is kept by "
              + String.join(", ", datasets)
              + "; DROP or RELEASE these versions first");
    }
  }

  private static List<String> datasets(TableName table, String uuid, StatementTables tables) {
    List<String> found = new ArrayList<>();
    for (String name : tables.catalogNames()) {
      Catalog catalog = tables.catalog(name);
      boolean mayPin = name.equals(table.catalog()) || hasPins(table, tables);
      if (!mayPin || !(catalog instanceof SupportsTrainingDatasets supporting)) {
        continue;
      }
      for (StoredDataset version : supporting.trainingDatasets(tables.principal()).list(null)) {
        if (version.state() == StoredDataset.State.DROPPED || version.record().isEmpty()) {
          continue;
        }
        VersionRecord record = RecordJson.read(version.record());
        boolean pins =
            record.pinning() == VersionRecord.Pinning.TAGGED
                && record.inputs().stream().anyMatch(input -> input.uuid().equals(uuid));
        if (pins) {
          found.add(version.dataset() + " version " + version.version());
        }
      }
    }
    return found;
  }

  /** Other catalogs, which may not answer, are asked only where someone has left a tag. */
  private static boolean hasPins(TableName table, StatementTables tables) {
    return tables.catalog(table.catalog()) instanceof SupportsTrainingDatasets own
        && own.trainingDatasets(tables.principal()).tags(table).keySet().stream()
            .anyMatch(Pins::isPin);
  }
}
