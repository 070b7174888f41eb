package io.sluice.planner.validate;

import java.util.List;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Pair;
import org.jspecify.annotations.Nullable;

/**
 * Puts the table before {@code s.f} where {@code s} is a column of rows and no table: Calcite wants
 * fields of rows to be qualified by table.
 */
final class FieldPaths extends SqlShuttle {
  private final SqlValidatorScope scope;
  private final SqlNameMatcher matcher;

  private FieldPaths(SqlValidatorScope scope, SqlNameMatcher matcher) {
    this.scope = scope;
    this.matcher = matcher;
  }

  static SqlNode qualified(SqlNode expression, SqlValidatorScope scope, SqlNameMatcher matcher) {
    SqlNode result = expression.accept(new FieldPaths(scope, matcher));
    return result == null ? expression : result;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    // a sub-query has names of its own
    return call.isA(SqlKind.QUERY) ? call : super.visit(call);
  }

  @Override
  public @Nullable SqlNode visit(SqlIdentifier name) {
    if (name.names.size() < 2 || name.isStar() || isQualified(name.names)) {
      return name;
    }
    String column = name.names.getFirst();
    Pair<String, SqlValidatorNamespace> table = table(column, name);
    if (table == null) {
      return name;
    }
    RelDataTypeField field = matcher.field(table.right.getRowType(), column);
    return field != null && field.getType().isStruct()
        ? name.add(0, table.left, SqlParserPos.ZERO)
        : name;
  }

  /** The one table that has a column, or null. */
  @SuppressWarnings("deprecation")
  private @Nullable Pair<String, SqlValidatorNamespace> table(String column, SqlIdentifier at) {
    try {
      return scope.findQualifyingTableName(column, at);
    } catch (CalciteContextException noneOrSeveral) {
      String reason = String.valueOf(noneOrSeveral.getCause());
      if (reason.contains("ambiguous")) {
        throw noneOrSeveral;
      }
      return null;
    }
  }

  /** Whether a table's name comes first. */
  private boolean isQualified(List<String> names) {
    for (int length = names.size() - 1; length > 0; length--) {
      SqlValidatorScope.ResolvedImpl resolved = new SqlValidatorScope.ResolvedImpl();
      scope.resolve(names.subList(0, length), matcher, false, resolved);
      if (resolved.count() == 1 && resolved.only().scope != null) {
        return true;
      }
    }
    return false;
  }
}
