package io.sluice.planner.training;

import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A query's text with each view's query in place of its name and each table named in full with the
 * snapshot that was read. It is for people; a version is made again from its record.
 */
final class ExpandedSql {
  private final StatementTables tables;
  private final List<Replacement> replacements = new ArrayList<>();
  private final Set<String> withNames = new HashSet<>();

  private record Replacement(SqlParserPos place, String text) {}

  private ExpandedSql(StatementTables tables) {
    this.tables = tables;
  }

  /**
   * @param query which the text was parsed to, on its own or as the end of a statement
   */
  static String of(String sql, SqlNode query, StatementTables tables) {
    SqlNode own = SqlText.parse(sql) instanceof Statement.Query parsed ? parsed.query() : query;
    ExpandedSql expansion = new ExpandedSql(tables);
    expansion.visit(own);
    return expansion.spliced(sql);
  }

  private void visit(SqlNode node) {
    switch (node) {
      case SqlWith with -> {
        for (SqlNode item : with.withList) {
          if (item instanceof SqlWithItem named) {
            visit(named.query);
            withNames.add(named.name.getSimple().toLowerCase(Locale.ROOT));
          }
        }
        visit(with.body);
      }
      case SqlSelect select -> {
        SqlNode from = select.getFrom();
        if (from != null) {
          from(from, false);
        }
        for (SqlNode part : select.getOperandList()) {
          if (part != null && part != from) {
            visit(part);
          }
        }
      }
      case SqlCall call -> {
        for (SqlNode operand : call.getOperandList()) {
          if (operand != null) {
            visit(operand);
          }
        }
      }
      case SqlNodeList list -> list.forEach(this::visit);
      default -> {}
    }
  }

  private void from(SqlNode node, boolean aliased) {
    switch (node) {
      case SqlIdentifier name -> replace(name, name.getParserPosition(), aliased);
      case SqlSnapshot ignored -> {
        // names its version already
      }
      case SqlJoin join -> {
        from(join.getLeft(), false);
        from(join.getRight(), false);
        if (join.getCondition() != null) {
          visit(join.getCondition());
        }
      }
      case SqlBasicCall call when call.getKind() == SqlKind.AS -> from(call.operand(0), true);
      default -> visit(node);
    }
  }

  private void replace(SqlIdentifier name, SqlParserPos place, boolean aliased) {
    boolean with = name.isSimple() && withNames.contains(name.getSimple().toLowerCase(Locale.ROOT));
    Optional<Relation> relation = with ? Optional.empty() : tables.load(tables.qualify(name.names));
    if (relation.isEmpty()) {
      return;
    }
    String text =
        switch (relation.get()) {
          case Relation.View view -> "(" + body(view) + ")";
          case Relation.Table table -> pinned(table.name());
          case Relation.Dataset dataset -> dataset.name().toString();
        };
    String alias = aliased ? "" : " AS " + Sql.name(name.names.getLast());
    replacements.add(new Replacement(place, text + alias));
  }

  private String body(Relation.View view) {
    StatementTables own =
        tables.within(view.definition().defaultCatalog(), view.definition().defaultSchema());
    String sql = view.definition().sql();
    return SqlText.parse(sql) instanceof Statement.Query parsed
        ? of(sql, parsed.query(), own)
        : sql;
  }

  /** A table with the snapshot that was read; of several the text keeps its own words. */
  private String pinned(TableName table) {
    Map<TableVersion, TableSnapshot> read = tables.snapshotsUsed().getOrDefault(table, Map.of());
    TableSnapshot current = read.get(new TableVersion.Current());
    return current == null || current.snapshotId() < 0
        ? table.toString()
        : table + " FOR VERSION AS OF " + current.snapshotId();
  }

  private String spliced(String sql) {
    replacements.sort(
        Comparator.comparingInt((Replacement r) -> r.place().getLineNum())
            .thenComparingInt(r -> r.place().getColumnNum())
            .reversed());
    StringBuilder out = new StringBuilder(sql);
    for (Replacement replacement : replacements) {
      SqlParserPos place = replacement.place();
      int start = offset(sql, place.getLineNum(), place.getColumnNum());
      int end = offset(sql, place.getEndLineNum(), place.getEndColumnNum()) + 1;
      out.replace(start, end, replacement.text());
    }
    return out.toString();
  }

  private static int offset(String sql, int line, int column) {
    int at = 0;
    for (int i = 1; i < line; i++) {
      at = sql.indexOf('\n', at) + 1;
    }
    return at + column - 1;
  }
}
