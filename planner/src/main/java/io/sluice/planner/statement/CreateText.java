package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statement that would create a table or view. */
final class CreateText {
  private CreateText() {}

  static String of(Relation relation) {
    return switch (relation) {
      case Relation.View view ->
          "CREATE VIEW "
              + view.name()
              + comment(view.definition().comment())
              + " AS\n"
              + view.definition().sql();
      case Relation.Table table -> table(table.name(), table.definition());
      case Relation.Dataset dataset ->
          throw new EngineException(
              ErrorCode.UNKNOWN_TABLE,
              dataset.name()
                  + " is a training dataset; EXPORT TRAINING DATASET shows its whole record");
    };
  }

  private static String table(TableName name, TableDefinition definition) {
    List<String> lines = new ArrayList<>();
    for (ColumnDefinition column : definition.columns()) {
      lines.add(
          quoted(column.name())
              + " "
              + column.type().sql()
              + (column.nullable() ? "" : " NOT NULL")
              + comment(column.comment()));
    }
    if (!definition.primaryKey().isEmpty()) {
      lines.add("PRIMARY KEY " + list(definition.primaryKey()) + " NOT ENFORCED");
    }
    if (definition.eventTime() != null) {
      lines.add("EVENT TIME (" + quoted(definition.eventTime()) + ")");
    }
    if (definition.ingestionTime() != null) {
      lines.add("INGESTION TIME (" + quoted(definition.ingestionTime()) + ")");
    }
    for (ForeignKey key : definition.foreignKeys()) {
      lines.add(
          "FOREIGN KEY "
              + list(key.columns())
              + " REFERENCES "
              + key.referencedTable()
              + (key.referencedColumns().isEmpty() ? "" : " " + list(key.referencedColumns()))
              + " NOT ENFORCED");
    }
    return (StatementTables.isTemporary(name)
            ? "CREATE TEMP TABLE " + quoted(name.table())
            : "CREATE TABLE " + name)
        + " (\n  "
        + String.join(",\n  ", lines)
        + "\n)"
        + comment(definition.comment())
        + properties(definition.properties());
  }

  private static String properties(Map<String, String> properties) {
    if (properties.isEmpty()) {
      return "";
    }
    return new TreeMap<>(properties)
        .entrySet().stream()
            .map(entry -> text(entry.getKey()) + " = " + text(entry.getValue()))
            .collect(Collectors.joining(", ", "\nWITH (", ")"));
  }

  private static String list(List<String> names) {
    return names.stream().map(CreateText::quoted).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String comment(@Nullable String comment) {
    return comment == null ? "" : " COMMENT " + text(comment);
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  private static String quoted(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
