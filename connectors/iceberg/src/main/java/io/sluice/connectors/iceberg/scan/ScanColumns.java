package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.schema.DeclaredTypes;
import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a scan and what finding them in files takes.
 *
 * @param nameMapping for files without field ids
 * @param commits that led to the snapshot, none where no column needs them
 * @param fileNumbers by location, empty where no column needs them
 */
record ScanColumns(
    TableName tableName,
    int formatVersion,
    List<ScanColumn> columns,
    @Nullable NameMapping nameMapping,
    CommitLog commits,
    Map<String, Integer> fileNumbers) {
  ScanColumns {
    columns = List.copyOf(columns);
    fileNumbers = Map.copyOf(fileNumbers);
  }

  /** A column of the output. */
  sealed interface ScanColumn {}

  /** A column of the table. */
  record Stored(Types.NestedField field, SqlType type) implements ScanColumn {}

  /** A column that no definition lists. */
  record Hidden(HiddenColumn column) implements ScanColumn {}

  static ScanColumns of(IcebergSnapshot snapshot, List<String> names) {
    return of(snapshot, names, () -> SnapshotFiles.of(snapshot).numbers());
  }

  /**
   * @param numbers of files by location, asked for where a column needs them
   */
  static ScanColumns of(
      IcebergSnapshot snapshot, List<String> names, Supplier<Map<String, Integer>> numbers) {
    Table table = snapshot.table().table();
    Schema schema = snapshot.schema();
    DeclaredTypes declared = Declarations.declaredTypes(snapshot.properties());
    List<ScanColumn> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(column(snapshot, schema, declared, name));
    }
    String mapping = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    return new ScanColumns(
        snapshot.name(),
        TableUtil.formatVersion(table),
        columns,
        mapping == null ? null : NameMappingParser.fromJson(mapping),
        columns.contains(new Hidden(HiddenColumn.COMMITTED_AT))
                || columns.contains(new Hidden(HiddenColumn.SNAPSHOT_ID))
            ? snapshot.commitLog()
            : CommitLog.recorded(Map.of()),
        columns.contains(new Hidden(HiddenColumn.ROW_ADDRESS)) ? numbers.get() : Map.of());
  }

  /** These columns, and behind them those of keys that are not among them. */
  ScanColumns with(List<Types.NestedField> keys) {
    List<ScanColumn> all = new ArrayList<>(columns);
    for (Types.NestedField key : keys) {
      if (place(all, key) < 0) {
        all.add(key(key));
      }
    }
    return new ScanColumns(tableName, formatVersion, all, nameMapping, commits, fileNumbers);
  }

  /** Where each of the keys is. */
  List<Integer> places(List<Types.NestedField> keys) {
    return keys.stream().map(key -> place(columns, key)).toList();
  }

  private static int place(List<ScanColumn> columns, Types.NestedField key) {
    for (int i = 0; i < columns.size(); i++) {
      // of the same id and type: a declared type has other bytes
      if (columns.get(i) instanceof Stored stored
          && stored.field().fieldId() == key.fieldId()
          && stored.type().equals(key(key).type())) {
        return i;
      }
    }
    return -1;
  }

  private static Stored key(Types.NestedField field) {
    return stored(field, DeclaredTypes.NONE);
  }

  /** Fails where a name stands for no column. */
  static void check(IcebergSnapshot snapshot, List<String> names) {
    names.forEach(name -> column(snapshot, snapshot.schema(), DeclaredTypes.NONE, name));
  }

  private static ScanColumn column(
      IcebergSnapshot snapshot, Schema schema, DeclaredTypes declared, String name) {
    Types.NestedField field = schema.asStruct().field(name);
    if (field != null) {
      return stored(field, declared);
    }
    HiddenColumn hidden =
        HiddenColumn.named(name)
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.UNKNOWN_COLUMN,
                        "table " + snapshot.name() + " has no column " + name));
    String arrival = snapshot.definition().ingestionTime();
    if (hidden == HiddenColumn.COMMITTED_AT && arrival != null) {
      Stored own = stored(schema.asStruct().field(arrival), declared);
      if (!own.type().equals(hidden.type())) {
        throw new EngineException(
            ErrorCode.UNSUPPORTED,
            "_committed_at of table "
                + snapshot.name()
                + " is its ingestion time "
                + arrival
                + ", which is "
                + own.type().sql()
                + " and not "
                + hidden.type().sql());
      }
      return own;
    }
    return new Hidden(hidden);
  }

  private static Stored stored(Types.NestedField field, DeclaredTypes declared) {
    return new Stored(field, IcebergTypes.toSql(field.type(), field.fieldId(), declared));
  }
}
