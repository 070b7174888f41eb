package io.sluice.planner.statement;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.DialectValidator;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** What a CREATE TABLE declares. */
final class NewTable {
  private NewTable() {}

  /**
   * @param query the query's columns, none where there is no query
   */
  static TableDefinition definition(
      Statement.CreateTable create, List<OutputColumn> query, StatementTables tables) {
    Statement.TableElements elements = create.elements();
    List<SqlIdentifier> key = elements.primaryKey();
    List<ColumnDefinition> columns = columns(create, query, tables);
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    List<String> primaryKey = key.stream().map(column -> find(column, names)).toList();
    List<ColumnDefinition> checked = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      checked.add(
          primaryKey.contains(column.name())
              ? new ColumnDefinition(column.name(), column.type(), false, column.comment())
              : column);
    }
    Map<String, String> properties = new LinkedHashMap<>();
    create.properties().forEach(property -> properties.put(property.name(), property.value()));
    return new TableDefinition(
        checked,
        primaryKey,
        time(elements.eventTime(), columns, names),
        time(elements.ingestionTime(), columns, names),
        elements.foreignKeys().stream().map(reference -> foreignKey(reference, names)).toList(),
        create.comment(),
        properties);
  }

  private static List<ColumnDefinition> columns(
      Statement.CreateTable create, List<OutputColumn> query, StatementTables tables) {
    List<Statement.Column> declared = create.elements().columns();
    List<ColumnDefinition> columns = new ArrayList<>();
    if (declared.isEmpty()) {
      query.forEach(
          column ->
              columns.add(
                  new ColumnDefinition(
                      column.name(), stored(create, column), column.nullable(), null)));
    } else if (!query.isEmpty() && query.size() != declared.size()) {
      throw SqlErrors.at(
          create.name(),
          ErrorCode.INVALID_ARGUMENT,
          declared.size() + " columns are declared, but the query gives " + query.size());
    } else {
      for (int i = 0; i < declared.size(); i++) {
        columns.add(column(declared.get(i), query.isEmpty() ? null : query.get(i), tables));
      }
    }
    if (columns.isEmpty()) {
      throw SqlErrors.at(
          create.name(), ErrorCode.INVALID_ARGUMENT, "a table has at least one column");
    }
    Set<String> seen = new HashSet<>();
    for (ColumnDefinition column : columns) {
      if (!seen.add(column.name())) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.AMBIGUOUS_NAME,
            "two columns are named " + column.name() + "; give one another name with AS");
      }
    }
    return columns;
  }

  private static SqlType stored(Statement.CreateTable create, OutputColumn column) {
    if (column.type().kind() == SqlType.Kind.NULL) {
      throw SqlErrors.at(
          create.name(),
          ErrorCode.TYPE_MISMATCH,
          "column " + column.name() + " has no type; CAST the NULL to the type that is meant");
    }
    return column.type();
  }

  private static ColumnDefinition column(
      Statement.Column column, @Nullable OutputColumn query, StatementTables tables) {
    SqlDataTypeSpec spec = column.type();
    if (spec == null && query == null) {
      throw SqlErrors.at(
          column.name(),
          ErrorCode.SYNTAX_ERROR,
          "column " + column.name().getSimple() + " needs a type");
    }
    SqlType type = spec == null ? required(query).type() : DialectValidator.typeOf(spec, tables);
    return new ColumnDefinition(
        column.name().getSimple(), type, column.nullable(), column.comment());
  }

  private static OutputColumn required(@Nullable OutputColumn column) {
    if (column == null) {
      throw new AssertionError();
    }
    return column;
  }

  private static String find(SqlIdentifier column, List<String> names) {
    return Names.find(column.getSimple(), names, "column")
        .orElseThrow(
            () ->
                SqlErrors.at(
                    column,
                    ErrorCode.UNKNOWN_COLUMN,
                    "column "
                        + column.getSimple()
                        + " is not one of the table's"
                        + Names.didYouMean(column.getSimple(), names)));
  }

  private static @Nullable String time(
      @Nullable SqlIdentifier column, List<ColumnDefinition> columns, List<String> names) {
    if (column == null) {
      return null;
    }
    String name = find(column, names);
    SqlType type = columns.get(names.indexOf(name)).type();
    boolean temporal = type instanceof SqlType.Timestamp || type.kind() == SqlType.Kind.DATE;
    if (!temporal) {
      throw SqlErrors.at(
          column,
          ErrorCode.TYPE_MISMATCH,
          name + " is a " + type.sql() + "; an event or ingestion time is a TIMESTAMP or DATE");
    }
    return name;
  }

  private static ForeignKey foreignKey(Statement.Reference reference, List<String> names) {
    return new ForeignKey(
        reference.columns().stream().map(column -> find(column, names)).toList(),
        String.join(".", reference.table().names),
        reference.referenced().stream().map(SqlIdentifier::getSimple).toList());
  }
}
