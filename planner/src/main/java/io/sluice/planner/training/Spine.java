package io.sluice.planner.training;

import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlWith;
import org.jspecify.annotations.Nullable;

/** The first table of a query, whose rows are the labels. */
final class Spine {
  private Spine() {}

  /** The spine's primary key, empty where it declares none or is no table. */
  static List<String> key(SqlNode query, StatementTables tables) {
    SqlIdentifier first = first(query);
    return first == null ? List.of() : key(first.names, tables);
  }

  private static List<String> key(List<String> name, StatementTables tables) {
    TableName exact = tables.qualify(name);
    Optional<Relation> relation = tables.load(exact);
    if (relation.isEmpty()) {
      return List.of();
    }
    return switch (relation.get()) {
      case Relation.Table table -> table.definition().primaryKey();
      case Relation.View view -> {
        StatementTables own =
            tables.within(view.definition().defaultCatalog(), view.definition().defaultSchema());
        List<String> names = view.definition().columns().stream().map(c -> c.name()).toList();
        yield SqlText.parse(view.definition().sql()) instanceof Statement.Query body
            ? key(body.query(), own).stream().allMatch(names::contains)
                ? key(body.query(), own)
                : List.of()
            : List.of();
      }
      case Relation.Dataset ignored -> List.of();
    };
  }

  private static @Nullable SqlIdentifier first(@Nullable SqlNode node) {
    return switch (node) {
      case null -> null;
      case SqlIdentifier name -> name;
      case SqlOrderBy order -> first(order.query);
      case SqlWith with -> first(with.body);
      case SqlSelect select -> first(select.getFrom());
      case SqlJoin join -> first(join.getLeft());
      case SqlSnapshot snapshot -> first(snapshot.getTableRef());
      case SqlBasicCall call when call.getKind() == SqlKind.AS -> first(call.operand(0));
      default -> null;
    };
  }
}
