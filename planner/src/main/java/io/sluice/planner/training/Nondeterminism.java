package io.sluice.planner.training;

import io.sluice.engine.ErrorCode;
import io.sluice.planner.validate.SqlErrors;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Refuses what need not give the same rows twice. */
final class Nondeterminism extends SqlBasicVisitor<@Nullable Void> {
  private static final String ORDER_REMEDY =
      "; without a total order it may pick other rows another time";

  /** Functions by name, and what to do instead. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("RAND", "use sample_hash(seed, key) for a reproducible number"),
          Map.entry("RANDOM", "use sample_hash(seed, key) for a reproducible number"),
          Map.entry("RAND_INTEGER", "use sample_hash(seed, key) for a reproducible number"),
          Map.entry("UUID", "use content_hash(columns) for a reproducible identity"),
          Map.entry("GEN_RANDOM_UUID", "use content_hash(columns) for a reproducible identity"),
          Map.entry("NOW", "write the instant as a literal"),
          Map.entry("CURRENT_DATE", "write the date as a literal"),
          Map.entry("CURRENT_TIME", "write the time as a literal"),
          Map.entry("CURRENT_TIMESTAMP", "write the instant as a literal"),
          Map.entry("LOCALTIME", "write the time as a literal"),
          Map.entry("LOCALTIMESTAMP", "write the instant as a literal"),
          Map.entry("USER", "write the name as a literal"),
          Map.entry("CURRENT_USER", "write the name as a literal"),
          Map.entry("SESSION_USER", "write the name as a literal"),
          Map.entry("SYSTEM_USER", "write the name as a literal"),
          Map.entry("CURRENT_CATALOG", "write the name as a literal"),
          Map.entry("CURRENT_SCHEMA", "write the name as a literal"),
          Map.entry("ANY_VALUE", "use MIN or MAX"),
          Map.entry("ARBITRARY", "use MIN or MAX"),
          Map.entry("FIRST", "use MIN or MAX"),
          Map.entry("LAST", "use MIN or MAX"),
          Map.entry("ARRAY_AGG", "use MIN, MAX or COUNT"),
          Map.entry("STRING_AGG", "use MIN, MAX or COUNT"),
          Map.entry("LISTAGG", "use MIN, MAX or COUNT"),
          Map.entry("GROUP_CONCAT", "use MIN, MAX or COUNT"),
          Map.entry("APPROX_COUNT_DISTINCT", "use COUNT(DISTINCT ...)"),
          Map.entry("APPROX_QUANTILE", "use MEDIAN or an exact quantile"));

  private static final Set<String> WITHOUT_PARENTHESES =
      Set.of(
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "CURRENT_USER",
          "SESSION_USER",
          "SYSTEM_USER",
          "CURRENT_CATALOG",
          "CURRENT_SCHEMA");

  private static final Map<String, String> WINDOWED =
      Map.of(
          "ROW_NUMBER", "",
          "LAG", "",
          "LEAD", "",
          "FIRST_VALUE", "",
          "LAST_VALUE", "",
          "NTH_VALUE", "",
          "NTILE", "");

  private final String where;

  private Nondeterminism(String where) {
    this.where = where;
  }

  /**
   * Checks a query as parsed.
   *
   * @param where a note for messages, such as " in view v"; empty for the statement itself
   * @throws io.sluice.engine.EngineException UNSUPPORTED with the place and what to do
   */
  static void check(SqlNode query, String where) {
    query.accept(new Nondeterminism(where));
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    String remedy = REFUSED.get(name);
    if (remedy != null) {
      throw refused(call, name, "; " + remedy);
    }
    if (WINDOWED.containsKey(name)) {
      throw refused(call, name, ORDER_REMEDY);
    }
    if (call.getKind() == SqlKind.TABLESAMPLE || name.equals("TABLESAMPLE")) {
      throw refused(
          call,
          "TABLESAMPLE",
          "; WHERE sample_hash(seed, key) < 0.1 takes the same rows each time");
    }
    if (call instanceof SqlSelect select && select.getFetch() != null) {
      throw refused(select.getFetch(), "LIMIT", ORDER_REMEDY);
    }
    if (call instanceof SqlSelect select && select.getOffset() != null) {
      throw refused(select.getOffset(), "OFFSET", ORDER_REMEDY);
    }
    if (call instanceof SqlOrderBy order && (order.fetch != null || order.offset != null)) {
      SqlNode bound = order.fetch != null ? order.fetch : order.offset;
      throw refused(bound == null ? order : bound, "LIMIT", ORDER_REMEDY);
    }
    return super.visit(call);
  }

  @Override
  public @Nullable Void visit(SqlIdentifier identifier) {
    // a function without parentheses reads as a name; a column of that name is quoted or qualified
    if (identifier.isSimple() && !identifier.isComponentQuoted(0)) {
      String name = identifier.getSimple().toUpperCase(Locale.ROOT);
      if (WITHOUT_PARENTHESES.contains(name)) {
        throw refused(identifier, name, "; " + REFUSED.get(name));
      }
    }
    return null;
  }

  private RuntimeException refused(SqlNode node, String what, String remedy) {
    return SqlErrors.at(
        node,
        ErrorCode.UNSUPPORTED,
        what
            + where
            + " need not give the same result twice, which a training dataset must"
            + remedy);
  }
}
