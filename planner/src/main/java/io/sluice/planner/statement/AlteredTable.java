package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableChange;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.planner.parse.Alteration;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.DialectValidator;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** A table's definition as the actions of an ALTER TABLE change it, one after the other. */
final class AlteredTable {
  private final StatementTables tables;
  private final NullCount nulls;
  private final Relation.Table table;
  private final List<TableChange> changes = new ArrayList<>();
  // what the stored rows call a column; those that the statement adds have no name there
  private final Map<String, @Nullable String> storedNames = new HashMap<>();
  private TableDefinition definition;

  AlteredTable(Relation.Table table, StatementTables tables, NullCount nulls) {
    this.tables = tables;
    this.nulls = nulls;
    this.table = table;
    this.definition = table.definition();
    definition.columns().forEach(column -> storedNames.put(column.name(), column.name()));
  }

  List<TableChange> changes() {
    return changes;
  }

  void apply(Alteration alteration) {
    switch (alteration) {
      case Alteration.AddColumn add -> add(add);
      case Alteration.DropColumn drop -> {
        Optional<String> column = find(drop.column());
        if (column.isPresent() || !drop.ifExists()) {
          change(new TableChange.DropColumn(column(drop.column())), drop.column());
        }
      }
      case Alteration.RenameColumn rename -> {
        String column = column(rename.column());
        String newName = rename.newName().getSimple();
        change(new TableChange.RenameColumn(column, newName), rename.newName());
        storedNames.put(newName, storedNames.remove(column));
      }
      case Alteration.RetypeColumn retype ->
          change(
              new TableChange.RetypeColumn(
                  column(retype.column()), DialectValidator.typeOf(retype.type(), tables)),
              retype.column());
      case Alteration.SetNotNull set -> require(set.column());
      case Alteration.DropNotNull drop ->
          change(new TableChange.DropNotNull(column(drop.column())), drop.column());
      case Alteration.SetProperties set -> {
        Map<String, String> properties = new LinkedHashMap<>();
        set.properties().forEach(property -> properties.put(property.name(), property.value()));
        change(new TableChange.SetProperties(properties));
      }
      case Alteration.UnsetProperties unset ->
          change(new TableChange.UnsetProperties(new HashSet<>(unset.names())));
      case Alteration.PrimaryKey key -> primaryKey(key.columns());
      case Alteration.EventTime time -> {
        SqlIdentifier column = time.column();
        if (column == null) {
          change(new TableChange.SetEventTime(null));
        } else {
          change(new TableChange.SetEventTime(column(column)), column);
        }
      }
      case Alteration.IngestionTime time -> {
        SqlIdentifier column = time.column();
        if (column == null) {
          change(new TableChange.SetIngestionTime(null));
        } else {
          change(new TableChange.SetIngestionTime(column(column)), column);
        }
      }
      case Alteration.AddForeignKey add -> addForeignKey(add.reference());
      case Alteration.DropForeignKey drop -> dropForeignKey(drop.columns());
    }
  }

  private void change(TableChange change) {
    definition = change.applyTo(definition);
    changes.add(change);
  }

  private void change(TableChange change, SqlIdentifier at) {
    try {
      change(change);
    } catch (EngineException failure) {
      throw SqlErrors.at(at, failure);
    }
  }

  private Optional<String> find(SqlIdentifier written) {
    return Names.find(written.getSimple(), names(), "column");
  }

  private List<String> names() {
    return definition.columns().stream().map(ColumnDefinition::name).toList();
  }

  private String column(SqlIdentifier written) {
    return find(written)
        .orElseThrow(
            () ->
                SqlErrors.at(
                    written,
                    ErrorCode.UNKNOWN_COLUMN,
                    "column "
                        + written.getSimple()
                        + " does not exist in "
                        + table.name()
                        + Names.didYouMean(written.getSimple(), names())));
  }

  private List<String> columns(List<SqlIdentifier> written) {
    return written.stream().map(this::column).toList();
  }

  private void add(Alteration.AddColumn add) {
    Statement.Column column = add.column();
    if (add.ifNotExists() && find(column.name()).isPresent()) {
      return;
    }
    SqlDataTypeSpec type = column.type();
    if (type == null) {
      throw new AssertionError(column);
    }
    ColumnDefinition added =
        new ColumnDefinition(
            column.name().getSimple(),
            DialectValidator.typeOf(type, tables),
            column.nullable(),
            column.comment());
    change(new TableChange.AddColumn(added), column.name());
    storedNames.put(added.name(), null);
  }

  private void require(SqlIdentifier written) {
    String column = column(written);
    if (!nullable(column)) {
      return;
    }
    String stored = storedNames.get(column);
    long count = nulls.of(table, stored);
    if (count > 0) {
      throw SqlErrors.at(
          written,
          ErrorCode.NOT_NULL_VIOLATION,
          "column "
              + column
              + " is NULL in "
              + count
              + (count == 1 ? " row" : " rows")
              + " of "
              + table.name()
              + " and cannot become NOT NULL");
    }
    change(new TableChange.SetNotNull(column, nulls.snapshotId(table)), written);
  }

  private boolean nullable(String column) {
    return definition.columns().stream().anyMatch(c -> c.name().equals(column) && c.nullable());
  }

  private void primaryKey(List<SqlIdentifier> columns) {
    if (columns.isEmpty()) {
      change(new TableChange.SetPrimaryKey(List.of()));
      return;
    }
    List<String> key = columns(columns);
    columns.forEach(this::require);
    change(new TableChange.SetPrimaryKey(key), columns.getFirst());
  }

  private void addForeignKey(Statement.Reference reference) {
    ForeignKey key =
        new ForeignKey(
            columns(reference.columns()),
            String.join(".", reference.table().names),
            reference.referenced().stream().map(SqlIdentifier::getSimple).toList());
    for (ForeignKey other : definition.foreignKeys()) {
      if (other.columns().equals(key.columns())) {
        throw SqlErrors.at(
            reference.columns().getFirst(),
            ErrorCode.ALREADY_EXISTS,
            "FOREIGN KEY ("
                + String.join(", ", key.columns())
                + ") REFERENCES "
                + other.referencedTable()
                + " is declared already");
      }
    }
    List<ForeignKey> keys = new ArrayList<>(definition.foreignKeys());
    keys.add(key);
    change(new TableChange.SetForeignKeys(keys), reference.columns().getFirst());
  }

  private void dropForeignKey(List<SqlIdentifier> written) {
    List<String> columns = columns(written);
    List<ForeignKey> others =
        definition.foreignKeys().stream().filter(key -> !key.columns().equals(columns)).toList();
    if (others.size() == definition.foreignKeys().size()) {
      throw SqlErrors.at(
          written.getFirst(),
          ErrorCode.INVALID_ARGUMENT,
          "the table has no FOREIGN KEY (" + String.join(", ", columns) + ")");
    }
    change(new TableChange.SetForeignKeys(others), written.getFirst());
  }
}
