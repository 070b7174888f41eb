package io.sluice.planner.training;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.training.DatasetDefinition.Label;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Fitted;
import io.sluice.planner.validate.DatasetReader.Form;
import io.sluice.planner.validate.DialectValidator;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a version that do not depend on a label: as stored, or as {@code $transformed} has
 * them. They have no split.
 *
 * @param names of the columns
 * @param types as in SQL
 * @param items expressions over the query's columns, each with its name
 */
record InferenceColumns(List<String> names, List<String> types, List<String> items) {
  static InferenceColumns of(VersionRecord record, Form form) {
    Set<String> labels = new HashSet<>();
    for (Label label : record.definition().labels()) {
      labels.add(label.column());
    }
    InferenceColumns columns =
        new InferenceColumns(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Column column : record.columns()) {
      if (labels.contains(column.name()) || column.name().equals(DatasetSql.SPLIT)) {
        continue;
      }
      Fitted fitted =
          record.transforms().stream()
              .filter(each -> form == Form.TRANSFORMED && each.output().equals(column.name()))
              .filter(each -> !labels.contains(each.column()))
              .findFirst()
              .orElse(null);
      columns.add(
          column.name(),
          fitted == null ? column.type() : fitted.type(),
          fitted == null ? Sql.name(column.name()) : fitted.sql());
    }
    if (form == Form.TRANSFORMED) {
      for (Fitted fitted : record.transforms()) {
        if (!fitted.output().equals(fitted.column()) && !labels.contains(fitted.column())) {
          columns.add(fitted.output(), fitted.type(), fitted.sql());
        }
      }
    }
    return columns;
  }

  private void add(String name, String type, String sql) {
    names.add(name);
    types.add(type);
    items.add(sql + " AS " + Sql.name(name));
  }

  List<ColumnDefinition> definitions(StatementTables tables) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      definitions.add(
          new ColumnDefinition(
              names.get(i),
              DialectValidator.typeOf(SqlText.type(types.get(i)), tables),
              true,
              null));
    }
    return definitions;
  }
}
