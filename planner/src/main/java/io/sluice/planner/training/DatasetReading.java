package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableVersion;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.training.VersionRecord.Fitted;
import io.sluice.planner.validate.DatasetReader;
import io.sluice.planner.validate.DialectValidator;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;

/** Versions as queries: over the stored rows where they are kept, else over the pinned inputs. */
public final class DatasetReading implements DatasetReader {
  private final Relations relations;
  private final Guard guard;

  /** Plans a query of a version's own. */
  @FunctionalInterface
  public interface Relations {
    RelNode plan(String sql, StatementTables tables, ZoneId zone);
  }

  /** Called before the rows of a version without a copy are computed again. */
  @FunctionalInterface
  public interface Guard {
    /** Fails where they would not be the version's rows. */
    void check(StoredDataset version, StatementTables tables);
  }

  public DatasetReading(Relations relations, Guard guard) {
    this.relations = relations;
    this.guard = guard;
  }

  @Override
  public List<ColumnDefinition> columns(StoredDataset version, Form form, StatementTables tables) {
    VersionRecord record = RecordJson.read(version.record());
    List<ColumnDefinition> stored = record.storedDefinitions(tables);
    if (form == Form.RAW) {
      return stored;
    }
    List<ColumnDefinition> columns = new ArrayList<>();
    Map<String, Fitted> replaced = replaced(record);
    for (ColumnDefinition column : stored.subList(0, stored.size() - 1)) {
      Fitted fitted = replaced.get(column.name());
      columns.add(fitted == null ? column : definition(fitted, tables));
    }
    added(record).forEach(fitted -> columns.add(definition(fitted, tables)));
    columns.add(stored.getLast());
    return columns;
  }

  private static ColumnDefinition definition(Fitted fitted, StatementTables tables) {
    return new ColumnDefinition(
        fitted.output(), DialectValidator.typeOf(SqlText.type(fitted.type()), tables), true, null);
  }

  private static Map<String, Fitted> replaced(VersionRecord record) {
    Map<String, Fitted> replaced = new HashMap<>();
    for (Fitted fitted : record.transforms()) {
      if (fitted.output().equals(fitted.column())) {
        replaced.put(fitted.column(), fitted);
      }
    }
    return replaced;
  }

  private static List<Fitted> added(VersionRecord record) {
    return record.transforms().stream()
        .filter(fitted -> !fitted.output().equals(fitted.column()))
        .toList();
  }

  /** The items of the model input over the raw columns. */
  private static List<String> transformedItems(VersionRecord record) {
    List<String> items = new ArrayList<>();
    Map<String, Fitted> replaced = replaced(record);
    for (VersionRecord.Column column : record.storedColumns()) {
      Fitted fitted = replaced.get(column.name());
      if (column.name().equals(DatasetSql.SPLIT)) {
        added(record).forEach(added -> items.add(added.sql() + " AS " + Sql.name(added.output())));
      }
      items.add(
          fitted == null
              ? Sql.name(column.name())
              : fitted.sql() + " AS " + Sql.name(column.name()));
    }
    return items;
  }

  @Override
  public RelNode expand(
      StoredDataset version,
      Form form,
      StatementTables tables,
      RelDataType rowType,
      RelOptTable.ToRelContext context) {
    VersionRecord record = RecordJson.read(version.record());
    List<String> items =
        form == Form.TRANSFORMED ? transformedItems(record) : DatasetSql.rawItems(record);
    Relation.Table rows = version.rows();
    ZoneId zone = ZoneId.of(record.definition().zone());
    if (rows == null) {
      guard.check(version, tables);
    }
    RelNode read =
        rows != null
            ? relations.plan(DatasetSql.copy(items, rows.name()), over(rows, tables), zone)
            : relations.plan(
                DatasetSql.of(record).rows(items), recomputed(record, version, tables), zone);
    return RelOptUtil.createCastRel(read, rowType, true);
  }

  private static StatementTables recomputed(
      VersionRecord record, StoredDataset version, StatementTables tables) {
    if (record.pinning() == VersionRecord.Pinning.RELEASED) {
      throw new EngineException(
          ErrorCode.UNKNOWN_VERSION,
          "version "
              + record.version()
              + " of "
              + version.dataset()
              + " has neither rows nor pins any more");
    }
    return RecordedInputs.tables(record, tables).recordedBy(version.dataset(), version.version());
  }

  /** Stored rows under their table's name. */
  static StatementTables over(Relation.Table rows, StatementTables tables) {
    Map<TableName, Relation> known = new LinkedHashMap<>();
    known.put(rows.name(), rows);
    TableVersion current = new TableVersion.Current();
    return tables.recorded(
        rows.name().catalog(),
        rows.name().schema(),
        known,
        Map.of(rows.name(), Map.of(current, rows.snapshot(current))));
  }
}
