package io.sluice.connectors.iceberg;

import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.schema.Declarations.NewSchema;
import io.sluice.connectors.iceberg.schema.DeclaredTypes;
import io.sluice.connectors.iceberg.schema.EarlierDeclarations;
import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableChange;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.type.SqlType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortField;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The changes of one ALTER TABLE, made upon one state of the table. */
final class TableAlteration {
  private final TableName name;
  private final Table table;
  private final Transaction transaction;
  private final Map<String, String> properties;
  private TableDefinition definition;
  private DeclaredTypes types;

  private TableAlteration(TableName name, Table table) {
    this.name = name;
    this.table = table;
    this.transaction = table.newTransaction();
    this.properties = new HashMap<>(table.properties());
    this.definition =
        Declarations.definition(table.schema(), properties, TableUtil.formatVersion(table));
    this.types = Declarations.declaredTypes(properties);
  }

  /**
   * Makes the changes in one commit.
   *
   * @throws org.apache.iceberg.exceptions.CommitFailedException where the table has changed since
   */
  static void commit(TableName name, Table table, List<TableChange> changes) {
    TableAlteration alteration = new TableAlteration(name, table);
    changes.forEach(alteration::make);
    alteration.declare();
    alteration.transaction.commitTransaction();
  }

  private void make(TableChange change) {
    TableDefinition changed = change.applyTo(definition);
    switch (change) {
      case TableChange.AddColumn add -> add(add.column());
      case TableChange.DropColumn drop -> drop(drop.column());
      case TableChange.RenameColumn rename ->
          transaction.updateSchema().renameColumn(rename.column(), rename.newName()).commit();
      case TableChange.RetypeColumn retype -> retype(retype.column(), retype.type());
      case TableChange.DropNotNull drop ->
          transaction.updateSchema().makeColumnOptional(drop.column()).commit();
      case TableChange.SetNotNull set -> require(set);
      case TableChange.SetProperties set -> set(set.properties());
      case TableChange.UnsetProperties unset -> unset(unset.names());
      case TableChange.SetPrimaryKey key ->
          transaction.updateSchema().setIdentifierFields(key.columns()).commit();
      case TableChange.SetEventTime ignored -> {}
      case TableChange.SetIngestionTime ignored -> {}
      case TableChange.SetForeignKeys ignored -> {}
    }
    definition = changed;
  }

  private void add(ColumnDefinition column) {
    if (!column.nullable() && table.snapshots().iterator().hasNext()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "column "
              + column.name()
              + " cannot be added as NOT NULL: the rows that are there would have NULL in it; add"
              + " it without NOT NULL");
    }
    NewSchema schema = Declarations.schema(List.of(column), List.of());
    Types.NestedField field = schema.schema().columns().getFirst();
    Declarations.checkVersion(field, field.type(), TableUtil.formatVersion(table));
    String mapping = transaction.table().properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    UpdateSchema update = transaction.updateSchema();
    if (column.nullable()) {
      update.addColumn(null, column.name(), field.type(), column.comment());
    } else {
      update
          .allowIncompatibleChanges()
          .addRequiredColumn(null, column.name(), field.type(), column.comment());
    }
    update.commit();
    if (mapping != null) {
      // files that are there do not have the column, even if one of its name was in them
      transaction.updateProperties().set(TableProperties.DEFAULT_NAME_MAPPING, mapping).commit();
    }
    types = types.with(schema.declared(transaction.table().schema()));
  }

  private void drop(String column) {
    int id = field(column).fieldId();
    for (PartitionSpec spec : table.specs().values()) {
      for (PartitionField partition : spec.fields()) {
        if (partition.sourceId() == id) {
          throw uses(column, "the table is partitioned by it");
        }
      }
    }
    for (SortField sort : table.sortOrder().fields()) {
      if (sort.sourceId() == id) {
        throw uses(column, "the table is sorted by it");
      }
    }
    transaction.updateSchema().deleteColumn(column).commit();
  }

  private EngineException uses(String column, String why) {
    return new EngineException(
        ErrorCode.UNSUPPORTED,
        "column " + column + " of table " + name + " cannot be dropped: " + why);
  }

  private Types.NestedField field(String column) {
    Types.NestedField field = transaction.table().schema().asStruct().field(column);
    if (field == null) {
      throw TableChanges.unknownColumn(name, column);
    }
    return field;
  }

  private void retype(String column, SqlType type) {
    Types.NestedField field = field(column);
    Map<Integer, SqlType> declared = new HashMap<>();
    Type stored = IcebergTypes.toIceberg(column, type, field.fieldId(), field::fieldId, declared);
    if (!stored.equals(field.type())) {
      transaction.updateSchema().updateColumn(column, stored.asPrimitiveType()).commit();
    }
    types = types.without(field.fieldId()).with(new DeclaredTypes(declared));
  }

  private void require(TableChange.SetNotNull set) {
    long current = table.currentSnapshot() == null ? -1 : table.currentSnapshot().snapshotId();
    if (current != set.checkedSnapshotId()) {
      throw new EngineException(
          ErrorCode.COMMIT_CONFLICT,
          "table "
              + name
              + " has changed since it was searched for NULLs in "
              + set.column()
              + "; run the statement again");
    }
    Set<String> branches = new TreeSet<>();
    table
        .refs()
        .forEach(
            (ref, state) -> {
              if (state.isBranch() && state.snapshotId() != current) {
                branches.add(ref);
              }
            });
    if (!branches.isEmpty()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "column "
              + set.column()
              + " cannot become NOT NULL while there are branches, whose rows it would hold for,"
              + " too: "
              + String.join(", ", branches));
    }
    transaction.updateSchema().allowIncompatibleChanges().requireColumn(set.column()).commit();
  }

  private void set(Map<String, String> set) {
    set.keySet().forEach(TableAlteration::checkSettable);
    UpdateProperties update = transaction.updateProperties();
    Map<String, String> checked = Declarations.checked(set, TableUtil.formatVersion(table));
    checked.forEach(update::set);
    update.commit();
  }

  private void unset(Set<String> names) {
    for (String property : names) {
      checkSettable(property);
      if (property.equals(TableProperties.FORMAT_VERSION)) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "every table has a format-version; it can only be raised");
      }
    }
    UpdateProperties update = transaction.updateProperties();
    names.forEach(update::remove);
    update.commit();
  }

  private static void checkSettable(String property) {
    boolean own = Declarations.isOwn(property);
    boolean reserved =
        TableProperties.RESERVED_PROPERTIES.contains(property)
            && !property.equals(TableProperties.FORMAT_VERSION);
    if (own || reserved) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "property "
              + property
              + (own
                  ? " is kept by declarations and comments: use SET EVENT TIME, SET INGESTION TIME,"
                      + " ADD FOREIGN KEY or COMMENT ON"
                  : " is kept by the table's format and cannot be set"));
    }
  }

  /** Writes what the definition declares besides columns, and what it declared before. */
  private void declare() {
    Map<String, String> declared = Declarations.declared(definition, types);
    Map<String, String> changed = EarlierDeclarations.with(properties, declared);
    @Nullable String earlier = EarlierDeclarations.beforeChange(table, changed);
    if (earlier == null) {
      changed.remove(EarlierDeclarations.PROPERTY);
    } else {
      changed.put(EarlierDeclarations.PROPERTY, earlier);
    }
    if (changed.equals(properties)) {
      return;
    }
    UpdateProperties update = transaction.updateProperties();
    changed.forEach(
        (property, value) -> {
          if (!value.equals(properties.get(property))) {
            update.set(property, value);
          }
        });
    properties.keySet().stream()
        .filter(property -> !changed.containsKey(property))
        .forEach(update::remove);
    update.commit();
  }
}
