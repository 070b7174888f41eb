package io.sluice.planner;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWriterConfig;
import org.apache.calcite.sql.dialect.PostgresqlSqlDialect;

/**
 * Names of result columns that the query gives none: their expressions, or col0, col1 and so on.
 */
final class ResultNames {
  private static final String UNNAMED = "EXPR$";

  private ResultNames() {}

  /**
   * The texts of the select list's items, taken before the validator changes them; empty where the
   * list has a star.
   */
  static List<String> texts(SqlNode query) {
    return switch (query) {
      case SqlOrderBy ordered -> texts(ordered.query);
      case SqlWith with -> texts(with.body);
      case SqlBasicCall call when call.getKind().belongsTo(SqlKind.SET_QUERY) ->
          texts(call.operand(0));
      case SqlSelect select -> {
        List<String> texts = new ArrayList<>();
        for (SqlNode item : select.getSelectList()) {
          boolean star =
              (item instanceof SqlIdentifier identifier && identifier.isStar())
                  || item.getClass().getSimpleName().startsWith("SqlStar");
          if (star) {
            yield List.of();
          }
          texts.add(text(item));
        }
        yield texts;
      }
      default -> List.of();
    };
  }

  private static String text(SqlNode item) {
    return item.toSqlString(
            config ->
                config
                    .withDialect(PostgresqlSqlDialect.DEFAULT)
                    .withQuoteAllIdentifiers(false)
                    .withClauseStartsLine(false)
                    .withLineFolding(SqlWriterConfig.LineFolding.WIDE))
        .getSql()
        .replaceAll("\\s+", " ");
  }

  /** The validator's names, with texts in place of those that it made up. */
  static List<String> of(List<String> names, List<String> texts) {
    List<String> result = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!name.startsWith(UNNAMED)) {
        result.add(name);
      } else {
        result.add(texts.size() == names.size() ? texts.get(i) : "col" + i);
      }
    }
    return result;
  }
}
