package io.sluice.planner.training;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TrainingDatasetStore.Commit;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.validate.DialectValidator;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is written down about one version; enough to make it again.
 *
 * @param layout of this record, 1
 * @param definition as written
 * @param expandedSql the query with views in place of their names and tables pinned, for reading
 * @param columns of a row, without the split
 * @param createdMicros the instant of creation, microseconds since 1970 UTC
 * @param bounds of a split by time, in order, as SQL literals
 * @param strata of a stratified split
 * @param leftOut rows that were left out, by reason
 * @param storage {@code materialized} or {@code virtual}
 */
record VersionRecord(
    int layout,
    String catalog,
    String schema,
    String name,
    int version,
    @Nullable String comment,
    DatasetDefinition definition,
    String expandedSql,
    List<Column> columns,
    List<Input> inputs,
    List<StoredView> views,
    long createdMicros,
    String creator,
    String engineVersion,
    String storage,
    Pinning pinning,
    List<String> bounds,
    List<Stratum> strata,
    List<SplitRows> splits,
    Map<String, Long> leftOut,
    String hash,
    List<String> warnings,
    List<Fitted> transforms,
    List<Profile> statistics) {
  /** The layout that this engine writes. */
  static final int LAYOUT = 1;

  VersionRecord {
    columns = List.copyOf(columns);
    inputs = List.copyOf(inputs);
    views = List.copyOf(views);
    bounds = List.copyOf(bounds);
    strata = List.copyOf(strata);
    splits = List.copyOf(splits);
    leftOut = Map.copyOf(leftOut);
    warnings = List.copyOf(warnings);
    transforms = List.copyOf(transforms);
    statistics = List.copyOf(statistics);
  }

  /** What keeps a version's inputs. */
  enum Pinning {
    /** Tags keep every input snapshot. */
    TAGGED,
    /** Some input could not be tagged: the copy and its hash are the proof. */
    COPIED,
    /** The tags were released. */
    RELEASED
  }

  /** A column of the result; its type as in SQL. */
  record Column(String name, String type, boolean nullable) {}

  /**
   * A state of a table that the query reads.
   *
   * @param version as the query asks for it: {@code current}, {@code time:<micros>}, {@code
   *     snapshot:<id>} or {@code reference:<name>}
   * @param state the table's schema and declarations, as its catalog names them
   * @param rows in the snapshot, -1 where unknown
   * @param copy where the copy lies that was made of a temporary table, or null
   * @param tag that keeps the snapshot, or null
   */
  record Input(
      String catalog,
      String schema,
      String table,
      String version,
      String uuid,
      long snapshotId,
      String state,
      Map<Long, Commit> commits,
      long rows,
      @Nullable Place copy,
      @Nullable String tag) {
    Input {
      commits = Map.copyOf(commits);
    }

    /** The same, read from a copy. */
    Input copied(Place at, String tableUuid, long snapshot, String pinnedState) {
      return new Input(
          catalog,
          schema,
          table,
          version,
          tableUuid,
          snapshot,
          pinnedState,
          Map.of(),
          rows,
          at,
          null);
    }

    Input tagged(@Nullable String with) {
      return new Input(
          catalog, schema, table, version, uuid, snapshotId, state, commits, rows, copy, with);
    }
  }

  /** The name of a table that is not the one that the query names. */
  record Place(String catalog, String schema, String table) {}

  /** A view as it was. */
  record StoredView(
      String catalog,
      String schema,
      String name,
      String sql,
      String defaultCatalog,
      String defaultSchema,
      List<Column> columns) {
    StoredView {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Where a stratum is cut.
   *
   * @param value as text, null for NULL
   * @param orders of the first row of each next split, ascending
   */
  record Stratum(@Nullable String value, List<Long> orders) {
    Stratum {
      orders = List.copyOf(orders);
    }
  }

  /** A split's rows and their content hash. */
  record SplitRows(String split, long rows, String hash) {}

  /**
   * A fitted transform.
   *
   * @param sql the expression over the raw columns, parameters included
   * @param type of its values
   * @param parameters what was fitted, by name, for reading
   */
  record Fitted(
      String output, String column, String sql, String type, Map<String, String> parameters) {
    Fitted {
      parameters = Map.copyOf(parameters);
    }
  }

  /** Statistics of one column in one split, as JSON. */
  record Profile(String split, String column, String json) {}

  long rows() {
    return splits.stream().mapToLong(SplitRows::rows).sum();
  }

  /** All columns of a stored row, the split last. */
  List<Column> storedColumns() {
    List<Column> stored = new ArrayList<>();
    columns.stream().filter(c -> !c.name().equals(DatasetSql.SPLIT)).forEach(stored::add);
    stored.add(new Column(DatasetSql.SPLIT, "VARCHAR", false));
    return stored;
  }

  /** The same as a table declares them. */
  List<ColumnDefinition> storedDefinitions(StatementTables tables) {
    return storedColumns().stream()
        .map(
            column ->
                new ColumnDefinition(
                    column.name(),
                    DialectValidator.typeOf(SqlText.type(column.type()), tables),
                    column.nullable(),
                    null))
        .toList();
  }

  VersionRecord numbered(int number) {
    return new VersionRecord(
        layout,
        catalog,
        schema,
        name,
        number,
        comment,
        definition,
        expandedSql,
        columns,
        inputs,
        views,
        createdMicros,
        creator,
        engineVersion,
        storage,
        pinning,
        bounds,
        strata,
        splits,
        leftOut,
        hash,
        warnings,
        transforms,
        statistics);
  }

  VersionRecord pinned(List<Input> pinnedInputs, Pinning how) {
    return new VersionRecord(
        layout,
        catalog,
        schema,
        name,
        version,
        comment,
        definition,
        expandedSql,
        columns,
        pinnedInputs,
        views,
        createdMicros,
        creator,
        engineVersion,
        storage,
        how,
        bounds,
        strata,
        splits,
        leftOut,
        hash,
        warnings,
        transforms,
        statistics);
  }

  VersionRecord split(List<String> timeBounds, List<Stratum> cuts) {
    return new VersionRecord(
        layout,
        catalog,
        schema,
        name,
        version,
        comment,
        definition,
        expandedSql,
        columns,
        inputs,
        views,
        createdMicros,
        creator,
        engineVersion,
        storage,
        pinning,
        timeBounds,
        cuts,
        splits,
        leftOut,
        hash,
        warnings,
        transforms,
        statistics);
  }

  VersionRecord hashed(List<SplitRows> rowsOfSplits, String whole, Map<String, Long> out) {
    return new VersionRecord(
        layout,
        catalog,
        schema,
        name,
        version,
        comment,
        definition,
        expandedSql,
        columns,
        inputs,
        views,
        createdMicros,
        creator,
        engineVersion,
        storage,
        pinning,
        bounds,
        strata,
        rowsOfSplits,
        out,
        whole,
        warnings,
        transforms,
        statistics);
  }

  VersionRecord described(List<String> warned, List<Fitted> fitted, List<Profile> profiles) {
    return new VersionRecord(
        layout,
        catalog,
        schema,
        name,
        version,
        comment,
        definition,
        expandedSql,
        columns,
        inputs,
        views,
        createdMicros,
        creator,
        engineVersion,
        storage,
        pinning,
        bounds,
        strata,
        splits,
        leftOut,
        hash,
        warned,
        fitted,
        profiles);
  }
}
