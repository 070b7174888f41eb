package io.sluice.planner.training;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.parse.TrainingStatement;
import io.sluice.planner.statement.LikeText;
import io.sluice.planner.statement.SchemaName;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** SHOW TRAINING DATASETS and DESCRIBE TRAINING DATASET. */
final class ShowDatasets {
  static final List<OutputColumn> COLUMNS =
      List.of(
          ResultRows.column("schema", SqlType.VARCHAR),
          ResultRows.column("name", SqlType.VARCHAR),
          ResultRows.column("version", SqlType.BIGINT),
          ResultRows.column("state", SqlType.VARCHAR),
          ResultRows.column("rows", SqlType.BIGINT),
          ResultRows.column("storage", SqlType.VARCHAR),
          ResultRows.column("pin", SqlType.VARCHAR),
          ResultRows.column("created_at", SqlType.TIMESTAMP_TZ),
          ResultRows.column("creator", SqlType.VARCHAR),
          ResultRows.column("hash", SqlType.VARCHAR),
          ResultRows.column("comment", SqlType.VARCHAR));

  static final List<OutputColumn> DESCRIBED =
      List.of(
          ResultRows.column("section", SqlType.VARCHAR),
          ResultRows.column("name", SqlType.VARCHAR),
          ResultRows.column("value", SqlType.VARCHAR));

  private ShowDatasets() {}

  static PhysicalPlan plan(TrainingStatement.Show show, StatementTables tables) {
    Catalog catalog = tables.catalog(tables.defaultCatalog());
    @Nullable String schema = null;
    if (show.name() != null) {
      SchemaName named = SchemaName.of(show.name(), tables);
      catalog = named.catalog();
      schema = named.schema();
    }
    Predicate<String> wanted = LikeText.predicate(show.like());
    ResultRows rows = new ResultRows(COLUMNS);
    for (StoredDataset version : RecordedInputs.store(catalog, tables.principal()).list(schema)) {
      if (version.state() != StoredDataset.State.DROPPED
          && wanted.test(version.dataset().table())) {
        add(version, rows);
      }
    }
    return rows.plan();
  }

  private static void add(StoredDataset version, ResultRows rows) {
    VersionRecord record = RecordJson.read(version.record());
    boolean building = version.state() == StoredDataset.State.BUILDING;
    rows.add(
        version.dataset().schema(),
        version.dataset().table(),
        (long) version.version(),
        version.state().name().toLowerCase(Locale.ROOT),
        building ? version.progressRows() : record.rows(),
        storage(version, record),
        building ? null : record.pinning().name().toLowerCase(Locale.ROOT),
        record.createdMicros(),
        record.creator(),
        building ? null : record.hash(),
        record.comment());
  }

  private static String storage(StoredDataset version, VersionRecord record) {
    return version.rows() == null && record.storage().equals("materialized")
        ? "copy dropped"
        : record.storage();
  }

  static PhysicalPlan describe(StoredDataset version) {
    VersionRecord record = RecordJson.read(version.record());
    ResultRows rows = new ResultRows(DESCRIBED);
    rows.add("version", "name", record.schema() + "." + record.name());
    rows.add("version", "number", Integer.toString(record.version()));
    rows.add("version", "comment", record.comment());
    rows.add(
        "version",
        "created_at",
        java.time.Instant.EPOCH
            .plus(record.createdMicros(), java.time.temporal.ChronoUnit.MICROS)
            .toString());
    rows.add("version", "creator", record.creator());
    rows.add("version", "engine", record.engineVersion());
    rows.add("version", "storage", storage(version, record));
    rows.add("version", "pin", record.pinning().name().toLowerCase(Locale.ROOT));
    rows.add("version", "hash", record.hash());
    for (Column column : record.storedColumns()) {
      String meaning = DatasetMeaning.of(column.name(), record.definition());
      rows.add("column", column.name(), column.type() + (meaning == null ? "" : ", " + meaning));
    }
    record
        .splits()
        .forEach(
            split -> rows.add("split", split.split(), split.rows() + " rows, " + split.hash()));
    record.leftOut().forEach((reason, count) -> rows.add("left out", reason, count + " rows"));
    for (VersionRecord.Input input : record.inputs()) {
      rows.add(
          "input",
          input.catalog() + "." + input.schema() + "." + input.table(),
          "snapshot "
              + input.snapshotId()
              + (input.tag() == null ? ", not tagged" : ", tag " + input.tag()));
    }
    for (VersionRecord.Fitted fitted : record.transforms()) {
      rows.add("transform", fitted.output(), fitted.sql());
    }
    record.warnings().forEach(warning -> rows.add("warning", null, warning));
    rows.add("query", "as written", record.definition().sql());
    rows.add("query", "expanded", record.expandedSql());
    return rows.plan();
  }
}
