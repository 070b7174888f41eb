package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.validate.ComputedTable;
import io.sluice.planner.validate.DatasetReader.Form;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A version's query as a service's: over a table of entities in place of its spine, over online
 * tables in place of the others, without labels.
 *
 * @param parameters the spine's columns that it needs
 * @param observed the one of them that is OBSERVED AT, or ""
 * @param query for a table of entities: the row number, the features, and whether any table had a
 *     row for the entity
 */
public record ServedDataset(List<ColumnDefinition> parameters, String observed, SqlNode query) {
  /** The last column of the query. */
  public static final String FOUND = "$found";

  public ServedDataset {
    parameters = List.copyOf(parameters);
  }

  /** The zone in which a version's query is read. */
  public static ZoneId zone(StoredDataset version) {
    return ZoneId.of(RecordJson.read(version.record()).definition().zone());
  }

  /** The text of a version's query. */
  public static String sql(StoredDataset version) {
    return RecordJson.read(version.record()).definition().sql();
  }

  /** The tables by which the query of a {@link ServedDataset} is planned. */
  public static StatementTables tables(StoredDataset version, StatementTables tables) {
    return CurrentInputs.tables(RecordJson.read(version.record()), tables);
  }

  /** One version of a dataset; the newest without a number. */
  public static StoredDataset version(
      SqlIdentifier name,
      @org.jspecify.annotations.Nullable Integer number,
      StatementTables tables) {
    return DatasetVersions.version(name, number, tables);
  }

  /**
   * Derives the query.
   *
   * @param entities the table of entities
   * @param row its column with the row number
   * @throws EngineException what cannot be served by key, with its place in the dataset's text
   */
  public static ServedDataset of(
      StoredDataset version,
      boolean raw,
      TableName entities,
      String row,
      StatementTables tables,
      InferenceData.Planning planning) {
    try {
      return derived(version, raw, entities, row, tables, planning);
    } catch (EngineException failure) {
      throw new EngineException(
          failure.code(),
          "training dataset "
              + version.dataset()
              + " version "
              + version.version()
              + ": "
              + failure.getMessage(),
          failure);
    }
  }

  private static ServedDataset derived(
      StoredDataset version,
      boolean raw,
      TableName entities,
      String row,
      StatementTables tables,
      InferenceData.Planning planning) {
    VersionRecord record = RecordJson.read(version.record());
    DatasetDefinition definition = record.definition();
    StatementTables now = CurrentInputs.tables(record, tables);
    InferenceSpine spine = InferenceSpine.of(Sql.query(definition.sql()));
    List<ColumnDefinition> columns =
        InferenceData.spineColumns(record, spine, tables, now, planning);
    InferenceChecks checks =
        new InferenceChecks(
            definition,
            planning.validated(
                spine.query(),
                now,
                ZoneId.of(definition.zone()),
                Map.of(InferenceSpine.KEYS, new Columns(columns))),
            record.columns().stream().map(VersionRecord.Column::name).toList(),
            spine.alias());
    Map<String, SqlIdentifier> needed = checks.needed();
    ServedQuery served = new ServedQuery(checks, spine.alias(), entities, row, now);
    SqlSelect inner = served.select();
    SqlParserPos place = inner.getParserPosition();
    SqlNodeList items = new SqlNodeList(place);
    items.add(new SqlIdentifier(row, place));
    SqlSelect features =
        (SqlSelect)
            Sql.query(
                "SELECT "
                    + String.join(
                        ", ",
                        InferenceColumns.of(record, raw ? Form.RAW : Form.TRANSFORMED).items()));
    items.addAll(features.getSelectList().getList());
    items.add(new SqlIdentifier(FOUND, place));
    SqlNode from =
        SqlStdOperatorTable.AS.createCall(place, inner, new SqlIdentifier("$source", place));
    List<ColumnDefinition> parameters = new ArrayList<>();
    columns.stream().filter(c -> needed.containsKey(c.name())).forEach(parameters::add);
    return new ServedDataset(
        parameters, served.observed(definition), Selects.of(place, items, from, null));
  }

  /** Columns alone: nothing is read of them. */
  private record Columns(List<ColumnDefinition> columns) implements ComputedTable {
    @Override
    public RelNode expand(RelDataType rowType, RelOptTable.ToRelContext context) {
      throw new AssertionError(columns);
    }
  }
}
