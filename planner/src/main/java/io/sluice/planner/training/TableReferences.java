package io.sluice.planner.training;

import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a query reads, each time that it reads one, in the order of its relational form:
 * FROM, then conditions, then what is selected. What lies behind a view or a WITH is there, too.
 */
final class TableReferences {
  private final List<Reference> found = new ArrayList<>();

  /**
   * One reading of a table.
   *
   * @param table that is read
   * @param shown the relation as written: the table or the view over it
   * @param place of its name in the statement
   * @param alias by which the statement's conditions name it
   */
  record Reference(TableName table, TableName shown, SqlNode place, String alias) {}

  /** Where names are looked up, and in whose place errors stand. */
  private record Scope(
      StatementTables tables,
      Map<String, SqlNode> with,
      @Nullable SqlIdentifier place,
      @Nullable TableName shown,
      @Nullable String alias) {}

  private TableReferences() {}

  static List<Reference> of(SqlNode query, StatementTables tables) {
    TableReferences references = new TableReferences();
    references.visit(query, new Scope(tables, Map.of(), null, null, null));
    return List.copyOf(references.found);
  }

  private void visit(@Nullable SqlNode node, Scope scope) {
    switch (node) {
      case null -> {}
      case SqlWith with -> visit(with.body, within(with, scope));
      case SqlOrderBy order -> visit(order.query, scope);
      case SqlSelect select -> {
        from(select.getFrom(), null, scope);
        visit(select.getWhere(), scope);
        visit(select.getGroup(), scope);
        visit(select.getHaving(), scope);
        visit(select.getSelectList(), scope);
      }
      case SqlNodeList list -> list.forEach(item -> visit(item, scope));
      case SqlCall call -> call.getOperandList().forEach(operand -> visit(operand, scope));
      default -> {}
    }
  }

  private static Scope within(SqlWith with, Scope scope) {
    Map<String, SqlNode> names = new HashMap<>(scope.with());
    for (SqlNode item : with.withList) {
      if (item instanceof SqlWithItem named) {
        names.put(lower(named.name), named.query);
      }
    }
    return new Scope(scope.tables(), names, scope.place(), scope.shown(), scope.alias());
  }

  private static String lower(SqlIdentifier name) {
    return name.getSimple().toLowerCase(Locale.ROOT);
  }

  private void from(@Nullable SqlNode node, @Nullable String alias, Scope scope) {
    switch (node) {
      case null -> {}
      case SqlIdentifier name -> named(name, alias, scope);
      case SqlSnapshot snapshot -> from(snapshot.getTableRef(), alias, scope);
      case SqlJoin join -> {
        from(join.getLeft(), null, scope);
        from(join.getRight(), null, scope);
        visit(join.getCondition(), scope);
      }
      case SqlBasicCall call when call.getKind() == SqlKind.AS ->
          from(call.operand(0), ((SqlIdentifier) call.operand(1)).getSimple(), scope);
      case SqlCall call
          when call.getKind() != SqlKind.SELECT && !call.getKind().belongsTo(SqlKind.QUERY) ->
          call.getOperandList().forEach(operand -> from(operand, alias, scope));
      default -> visit(node, scope);
    }
  }

  private void named(SqlIdentifier name, @Nullable String alias, Scope scope) {
    if (name.isSimple()) {
      SqlNode with = scope.with().get(lower(name));
      if (with != null) {
        Map<String, SqlNode> outer = new HashMap<>(scope.with());
        outer.remove(lower(name));
        visit(with, new Scope(scope.tables(), outer, scope.place(), scope.shown(), scope.alias()));
        return;
      }
    }
    Optional<Relation> relation = scope.tables().load(scope.tables().qualify(name.names));
    if (relation.isEmpty()) {
      return;
    }
    SqlIdentifier place = scope.place() == null ? name : scope.place();
    TableName shown = scope.shown() == null ? relation.get().name() : scope.shown();
    String written = alias == null ? name.names.getLast() : alias;
    String known = scope.alias() == null ? written : scope.alias();
    switch (relation.get()) {
      case Relation.Table table -> found.add(new Reference(table.name(), shown, place, known));
      case Relation.View view -> {
        StatementTables own =
            scope
                .tables()
                .within(view.definition().defaultCatalog(), view.definition().defaultSchema());
        if (SqlText.parse(view.definition().sql()) instanceof Statement.Query body) {
          visit(body.query(), new Scope(own, Map.of(), place, shown, known));
        }
      }
      case Relation.Dataset ignored -> {}
    }
  }
}
