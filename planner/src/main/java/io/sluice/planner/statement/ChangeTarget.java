package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/** The table whose rows a statement changes, and what the statement calls it. */
record ChangeTarget(Relation.Table table, SqlIdentifier written, @Nullable SqlIdentifier alias) {
  static ChangeTarget of(
      SqlIdentifier written, @Nullable SqlIdentifier alias, StatementTables tables) {
    try {
      tables.changing(tables.qualify(written.names));
      return new ChangeTarget(tables.table(written.names), written, alias);
    } catch (EngineException failure) {
      throw SqlErrors.at(written, failure);
    }
  }

  TableName name() {
    return table.name();
  }

  List<ColumnDefinition> columns() {
    return table.definition().columns();
  }

  /** What stands before the table's columns. */
  private String qualifier() {
    return alias == null ? written.names.getLast() : alias.getSimple();
  }

  /** As an item of a FROM clause. */
  SqlNode from() {
    SqlNode table = SqlCopy.of(written);
    return alias == null
        ? table
        : SqlStdOperatorTable.AS.createCall(written.getParserPosition(), table, SqlCopy.of(alias));
  }

  /** One of the table's columns, as an expression. */
  SqlNode column(String column) {
    return new SqlIdentifier(List.of(qualifier(), column), written.getParserPosition());
  }

  /** The address of the table's row; NULL where an outer join has none. */
  SqlNode address() {
    return column(HiddenColumn.ROW_ADDRESS.columnName());
  }

  /** The place of a column that the statement assigns to. */
  int place(SqlIdentifier column) {
    int parts = column.names.size();
    boolean qualified = parts == 2 && column.names.getFirst().equalsIgnoreCase(qualifier());
    List<String> names = columns().stream().map(ColumnDefinition::name).toList();
    String written = column.names.getLast();
    if (parts > 1 && !qualified) {
      throw SqlErrors.at(
          column,
          ErrorCode.UNKNOWN_COLUMN,
          column + " is no column of " + name() + ", whose rows the statement changes");
    }
    String exact =
        Names.find(written, names, "column")
            .orElseThrow(
                () ->
                    SqlErrors.at(
                        column,
                        ErrorCode.UNKNOWN_COLUMN,
                        "column "
                            + written
                            + " does not exist in the table"
                            + Names.didYouMean(written, names)));
    return names.indexOf(exact);
  }

  SqlType type(int place) {
    return columns().get(place).type();
  }

  /** For every column of the table -1. */
  List<Integer> noSources() {
    return new ArrayList<>(Collections.nCopies(columns().size(), -1));
  }

  /** Places that values are assigned to, in order; each may be named once. */
  List<Integer> places(List<Statement.Assignment> assignments) {
    List<Integer> places = new ArrayList<>();
    for (Statement.Assignment assignment : assignments) {
      add(assignment.column(), places);
    }
    return places;
  }

  /** The places of an INSERT's columns, all of them where none are named. */
  List<Integer> insertPlaces(List<SqlIdentifier> named) {
    List<Integer> places = new ArrayList<>();
    if (named.isEmpty()) {
      for (int i = 0; i < columns().size(); i++) {
        places.add(i);
      }
    }
    named.forEach(column -> add(column, places));
    return places;
  }

  private void add(SqlIdentifier column, List<Integer> places) {
    int place = place(column);
    if (places.contains(place)) {
      throw SqlErrors.at(
          column,
          ErrorCode.INVALID_ARGUMENT,
          "column " + columns().get(place).name() + " is named twice");
    }
    places.add(place);
  }
}
