package io.sluice.planner.training;

import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.SupportsTrainingDatasets;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.engine.connector.VirtualSchema;
import io.sluice.engine.connector.VirtualTable;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.training.VersionRecord.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The tables {@code system.training_...} of a catalog that keeps training datasets. */
public final class SystemTables {
  private static final SqlType COUNTS = new SqlType.Map(SqlType.VARCHAR, SqlType.BIGINT);
  private static final SqlType TEXTS = new SqlType.Map(SqlType.VARCHAR, SqlType.VARCHAR);
  private static final SqlType LIST = new SqlType.Array(SqlType.VARCHAR);

  private final SupportsTrainingDatasets catalog;

  private SystemTables(SupportsTrainingDatasets catalog) {
    this.catalog = catalog;
  }

  /** Adds the schema {@code system} to every catalog that keeps training datasets. */
  public static void addTo(Catalogs catalogs) {
    catalogs.addSchemas(
        catalog ->
            catalog instanceof SupportsTrainingDatasets keeper
                ? Optional.of(new SystemTables(keeper).schema())
                : Optional.empty());
  }

  private VirtualSchema schema() {
    return new VirtualSchema(
        "system", List.of(datasets(), inputs(), statistics(), transforms(), pins()));
  }

  private static ColumnDefinition column(String name, SqlType type) {
    return new ColumnDefinition(name, type, true, null);
  }

  private static List<ColumnDefinition> columns(ColumnDefinition... own) {
    List<ColumnDefinition> columns = new ArrayList<>();
    columns.add(column("dataset_schema", SqlType.VARCHAR));
    columns.add(column("dataset", SqlType.VARCHAR));
    columns.add(column("version", SqlType.BIGINT));
    columns.addAll(List.of(own));
    return columns;
  }

  /** Receives the cells that follow schema, name and version. */
  private final class Rows {
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    private void add(StoredDataset version, @Nullable Object... cells) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(version.dataset().schema());
      row.add(version.dataset().table());
      row.add((long) version.version());
      for (Object cell : cells) {
        row.add(cell);
      }
      rows.add(row);
    }
  }

  private VirtualTable table(
      String name, String comment, List<ColumnDefinition> columns, BiConsumer<Rows, Entry> rowsOf) {
    return new VirtualTable(
        name,
        columns,
        comment,
        request -> {
          Rows rows = new Rows();
          for (StoredDataset version : catalog.trainingDatasets(request.principal()).list(null)) {
            if (version.state() != StoredDataset.State.DROPPED) {
              rowsOf.accept(rows, new Entry(version, RecordJson.read(version.record())));
            }
          }
          return rows.rows;
        });
  }

  private record Entry(StoredDataset version, VersionRecord record) {}

  private VirtualTable datasets() {
    return table(
        "training_datasets",
        "Versions of training datasets",
        columns(
            column("state", SqlType.VARCHAR),
            column("row_count", SqlType.BIGINT),
            column("split_rows", COUNTS),
            column("left_out", COUNTS),
            column("hash", SqlType.VARCHAR),
            column("storage", SqlType.VARCHAR),
            column("copy_kept", SqlType.BOOLEAN),
            column("pin", SqlType.VARCHAR),
            column("created_at", SqlType.TIMESTAMP_TZ),
            column("creator", SqlType.VARCHAR),
            column("engine_version", SqlType.VARCHAR),
            column("time_zone", SqlType.VARCHAR),
            column("key_columns", LIST),
            column("observed_at", SqlType.VARCHAR),
            column("label_columns", LIST),
            column("warnings", LIST),
            column("sql", SqlType.VARCHAR),
            column("expanded_sql", SqlType.VARCHAR),
            column("comment", SqlType.VARCHAR)),
        (rows, entry) -> {
          VersionRecord record = entry.record();
          StoredDataset version = entry.version();
          boolean building = version.state() == StoredDataset.State.BUILDING;
          Map<String, Long> splits = new LinkedHashMap<>();
          record.splits().forEach(split -> splits.put(split.split(), split.rows()));
          DatasetDefinition definition = record.definition();
          rows.add(
              version,
              version.state().name().toLowerCase(Locale.ROOT),
              building ? version.progressRows() : record.rows(),
              splits,
              new TreeMap<>(record.leftOut()),
              building ? null : record.hash(),
              record.storage(),
              version.rows() != null,
              record.pinning().name().toLowerCase(Locale.ROOT),
              record.createdMicros(),
              record.creator(),
              record.engineVersion(),
              definition.zone(),
              definition.key(),
              definition.observedAt(),
              definition.labels().stream().map(DatasetDefinition.Label::column).toList(),
              record.warnings(),
              definition.sql(),
              record.expandedSql(),
              record.comment());
        });
  }

  private VirtualTable inputs() {
    return table(
        "training_dataset_inputs",
        "The states of tables that versions of training datasets have read",
        columns(
            column("table_catalog", SqlType.VARCHAR),
            column("table_schema", SqlType.VARCHAR),
            column("table_name", SqlType.VARCHAR),
            column("as_of", SqlType.VARCHAR),
            column("table_uuid", SqlType.VARCHAR),
            column("snapshot_id", SqlType.BIGINT),
            column("row_count", SqlType.BIGINT),
            column("tag", SqlType.VARCHAR),
            column("copied_to", SqlType.VARCHAR)),
        (rows, entry) -> {
          for (Input input : entry.record().inputs()) {
            rows.add(
                entry.version(),
                input.catalog(),
                input.schema(),
                input.table(),
                input.version(),
                input.uuid(),
                input.snapshotId() < 0 ? null : input.snapshotId(),
                input.rows() < 0 ? null : input.rows(),
                input.tag(),
                input.copy() == null ? null : RecordedInputs.place(input).toString());
          }
        });
  }

  private VirtualTable statistics() {
    return table(
        "training_dataset_statistics",
        "Statistics of every column in every split",
        columns(
            column("split", SqlType.VARCHAR),
            column("column_name", SqlType.VARCHAR),
            column("count", SqlType.BIGINT),
            column("nulls", SqlType.BIGINT),
            column("distinct_count", SqlType.BIGINT),
            column("min", SqlType.VARCHAR),
            column("max", SqlType.VARCHAR),
            column("mean", SqlType.DOUBLE),
            column("standard_deviation", SqlType.DOUBLE),
            column("profile", SqlType.VARCHAR)),
        (rows, entry) -> {
          for (VersionRecord.Profile profile : entry.record().statistics()) {
            ProfileFigures figures = ProfileFigures.of(profile.json());
            rows.add(
                entry.version(),
                profile.split(),
                profile.column(),
                figures.count(),
                figures.nulls(),
                figures.distinct(),
                figures.min(),
                figures.max(),
                figures.mean(),
                figures.standardDeviation(),
                profile.json());
          }
        });
  }

  private VirtualTable transforms() {
    return table(
        "training_dataset_transforms",
        "Fitted transforms with their parameters",
        columns(
            column("output", SqlType.VARCHAR),
            column("column_name", SqlType.VARCHAR),
            column("type", SqlType.VARCHAR),
            column("parameters", TEXTS),
            column("sql", SqlType.VARCHAR)),
        (rows, entry) -> {
          for (VersionRecord.Fitted fitted : entry.record().transforms()) {
            rows.add(
                entry.version(),
                fitted.output(),
                fitted.column(),
                fitted.type(),
                new TreeMap<>(fitted.parameters()),
                fitted.sql());
          }
        });
  }

  private VirtualTable pins() {
    return new VirtualTable(
        "training_dataset_pins",
        List.of(
            column("table_name", SqlType.VARCHAR),
            column("snapshot_id", SqlType.BIGINT),
            column("tag", SqlType.VARCHAR),
            column("datasets", LIST),
            column("bytes_kept", SqlType.BIGINT)),
        "Tags that keep input snapshots, and the bytes that nothing else keeps",
        request -> pinRows(catalog.trainingDatasets(request.principal())));
  }

  private record Pinned(Input input, TreeSet<String> datasets) {}

  private static List<List<@Nullable Object>> pinRows(TrainingDatasetStore store) {
    Map<String, Pinned> pins = new TreeMap<>();
    for (StoredDataset version : store.list(null)) {
      if (version.state() == StoredDataset.State.DROPPED) {
        continue;
      }
      for (Input input : RecordJson.read(version.record()).inputs()) {
        if (input.tag() != null) {
          pins.computeIfAbsent(
                  input.uuid() + input.tag(), tag -> new Pinned(input, new TreeSet<>()))
              .datasets()
              .add(
                  version.dataset().schema()
                      + "."
                      + version.dataset().table()
                      + " version "
                      + version.version());
        }
      }
    }
    Map<String, Set<String>> tags = new HashMap<>();
    for (Pinned pin : pins.values()) {
      tags.computeIfAbsent(pin.input().uuid(), uuid -> new HashSet<>())
          .add(String.valueOf(pin.input().tag()));
    }
    Map<String, TableName> names = new HashMap<>();
    Map<String, Map<String, Long>> bytes = new HashMap<>();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Pinned pin : pins.values()) {
      Input input = pin.input();
      TableName table =
          names.computeIfAbsent(
              input.uuid(), uuid -> store.named(uuid).orElse(RecordedInputs.place(input)));
      Map<String, Long> kept =
          bytes.computeIfAbsent(
              input.uuid(), uuid -> store.bytesKept(table, tags.getOrDefault(uuid, Set.of())));
      rows.add(
          VirtualTable.row(
              table.toString(),
              input.snapshotId(),
              input.tag(),
              List.copyOf(pin.datasets()),
              kept.get(String.valueOf(input.tag()))));
    }
    return rows;
  }
}
