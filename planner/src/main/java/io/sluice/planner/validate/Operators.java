package io.sluice.planner.validate;

import io.sluice.engine.function.FunctionDoc;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.engine.operator.aggregate.AggregateRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlPrefixOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.jspecify.annotations.Nullable;

/**
 * What a name means in an expression: arithmetic and scalar functions are the engine's, the rest of
 * the operators and the aggregates are Calcite's where the engine has them too.
 */
public final class Operators implements SqlOperatorTable {
  private static final SqlNameMatcher ANY_CASE = SqlNameMatchers.withCaseSensitive(false);

  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("character_length", "length"),
          Map.entry("char_length", "length"),
          Map.entry("ceiling", "ceil"),
          Map.entry("pow", "power"),
          Map.entry("substr", "substring"),
          Map.entry("mod", "modulo"),
          Map.entry("ucase", "upper"),
          Map.entry("lcase", "lower"),
          Map.entry("ifnull", "coalesce"),
          Map.entry("datetrunc", "date_trunc"),
          // the registry's concat is the operator ||, which gives NULL for NULL
          Map.entry("concat", "concat_text"));

  /** Functions of Calcite's that plan into something the engine has. */
  private static final Set<String> STANDARD_FUNCTIONS =
      Set.of(
          "NULLIF",
          "CAST",
          "TRY_CAST",
          "SAFE_CAST",
          "GROUPING",
          "GROUPING_ID",
          "CURRENT_TIMESTAMP",
          "CURRENT_DATE",
          "LOCALTIMESTAMP",
          "ROW_NUMBER",
          "RANK",
          "DENSE_RANK",
          "LAG",
          "LEAD",
          "FIRST_VALUE",
          "LAST_VALUE",
          "NTILE",
          "PERCENT_RANK",
          "CUME_DIST",
          "NTH_VALUE",
          "UNNEST");

  private static final Map<String, SqlAggFunction> AGGREGATES = aggregates();

  /** {@code TRY(x)}: NULL where evaluating x is an error. */
  public static final SqlFunction TRY =
      new SqlFunction(
          "TRY",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0.andThen(SqlTypeTransforms.FORCE_NULLABLE),
          null,
          OperandTypes.ANY,
          SqlFunctionCategory.SYSTEM);

  /** A MATCH_CONDITION: the conjunct that decides, then the others. */
  public static final SqlFunction MATCH =
      new SqlFunction(
          "$MATCH",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.BOOLEAN_NULLABLE,
          null,
          OperandTypes.VARIADIC,
          SqlFunctionCategory.SYSTEM);

  private static final Operators INSTANCE = new Operators();

  private final Map<String, EngineFunction> functions = new HashMap<>();
  private final Map<String, SqlOperator> binary = new HashMap<>();
  private final SqlPrefixOperator negate;

  private Operators() {
    for (FunctionDoc doc : FunctionRegistry.standard().all()) {
      functions.put(doc.name(), function(doc.name(), doc));
    }
    ALIASES.forEach(
        (alias, name) -> {
          EngineFunction target = functions.get(name);
          if (target != null) {
            RegistryTyping typing = (RegistryTyping) target.getReturnTypeInference();
            if (typing != null) {
              functions.put(
                  alias,
                  new EngineFunction(
                      alias.toUpperCase(Locale.ROOT), typing, target.isDeterministic()));
            }
          }
        });
    binary("+", "add", SqlKind.PLUS, 40);
    binary("-", "subtract", SqlKind.MINUS, 40);
    binary("*", "multiply", SqlKind.TIMES, 60);
    binary("/", "divide", SqlKind.DIVIDE, 60);
    binary("%", "modulo", SqlKind.MOD, 60);
    binary("||", "concat", SqlKind.OTHER, 60);
    RegistryTyping typing = new RegistryTyping("negate", 1, 1, true);
    negate = new SqlPrefixOperator("-", SqlKind.MINUS_PREFIX, 80, typing, typing, typing);
  }

  public static Operators instance() {
    return INSTANCE;
  }

  private static EngineFunction function(String name, FunctionDoc doc) {
    return new EngineFunction(
        name.toUpperCase(Locale.ROOT),
        new RegistryTyping(doc.name(), doc.minArguments(), doc.maxArguments(), false),
        doc.deterministic());
  }

  private void binary(String symbol, String function, SqlKind kind, int precedence) {
    RegistryTyping typing = new RegistryTyping(function, 2, 2, true);
    binary.put(symbol, new EngineOperator(symbol, kind, precedence, typing));
  }

  private static Map<String, SqlAggFunction> aggregates() {
    Map<String, SqlAggFunction> all = new HashMap<>();
    for (SqlAggFunction function :
        List.of(
            SqlStdOperatorTable.COUNT,
            SqlStdOperatorTable.SUM,
            SqlStdOperatorTable.AVG,
            SqlStdOperatorTable.MIN,
            SqlStdOperatorTable.MAX,
            SqlStdOperatorTable.STDDEV_POP,
            SqlStdOperatorTable.STDDEV_SAMP,
            SqlStdOperatorTable.STDDEV,
            SqlStdOperatorTable.VAR_POP,
            SqlStdOperatorTable.VAR_SAMP,
            SqlStdOperatorTable.VARIANCE,
            SqlStdOperatorTable.ANY_VALUE,
            SqlStdOperatorTable.SINGLE_VALUE,
            SqlStdOperatorTable.EVERY,
            SqlLibraryOperators.BOOL_AND,
            SqlLibraryOperators.BOOL_OR,
            SqlStdOperatorTable.ARG_MAX,
            SqlStdOperatorTable.ARG_MIN,
            SqlLibraryOperators.MAX_BY,
            SqlLibraryOperators.MIN_BY)) {
      all.put(function.getName().toUpperCase(Locale.ROOT), function);
    }
    for (FunctionDoc doc : AggregateRegistry.standard().all()) {
      String name = doc.name().toUpperCase(Locale.ROOT);
      // GROUPING is about groups, not rows
      if (!name.equals("GROUPING")) {
        all.putIfAbsent(name, new EngineAggregate(name, new AggregateTyping(doc)));
      }
    }
    return Map.copyOf(all);
  }

  /** Whether an unresolved name is an aggregate's. */
  public static boolean isAggregate(String name) {
    return AGGREGATES.containsKey(name.toUpperCase(Locale.ROOT));
  }

  /** The engine's function of that name, or null. */
  @Nullable EngineFunction function(String name) {
    return functions.get(name.toLowerCase(Locale.ROOT));
  }

  /** All names that a call may have, for suggestions. */
  public Set<String> names() {
    Set<String> names = new HashSet<>(functions.keySet());
    AGGREGATES.keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  @Override
  public void lookupOperatorOverloads(
      SqlIdentifier name,
      @Nullable SqlFunctionCategory category,
      SqlSyntax syntax,
      List<SqlOperator> found,
      SqlNameMatcher matcher) {
    if (!name.isSimple()) {
      return;
    }
    String word = name.getSimple();
    if (syntax == SqlSyntax.BINARY && binary.containsKey(word)) {
      found.add(binary.get(word));
      return;
    }
    if (syntax == SqlSyntax.PREFIX && word.equals("-")) {
      found.add(negate);
      return;
    }
    SqlAggFunction aggregate = AGGREGATES.get(word.toUpperCase(Locale.ROOT));
    if (aggregate != null) {
      found.add(aggregate);
      return;
    }
    if (word.equalsIgnoreCase("TRY")) {
      found.add(TRY);
      return;
    }
    if (word.equals("$MATCH")) {
      found.add(MATCH);
      return;
    }
    EngineFunction function = functions.get(word.toLowerCase(Locale.ROOT));
    if (function != null && syntax.family == SqlSyntax.FUNCTION) {
      found.add(function);
      return;
    }
    if (syntax.family != SqlSyntax.FUNCTION
        || STANDARD_FUNCTIONS.contains(word.toUpperCase(Locale.ROOT))) {
      SqlStdOperatorTable.instance()
          .lookupOperatorOverloads(name, category, syntax, found, ANY_CASE);
      if (found.isEmpty()) {
        library(word, syntax, found);
      }
    }
  }

  /** The engine's operator or function in the place of what the parser has found. */
  Optional<SqlOperator> own(SqlOperator parsed) {
    String name = parsed.getName();
    return switch (parsed.getSyntax()) {
      case BINARY -> Optional.ofNullable(binary.get(name));
      case PREFIX -> name.equals("-") ? Optional.of(negate) : Optional.empty();
      case FUNCTION -> Optional.ofNullable(functions.get(name.toLowerCase(Locale.ROOT)));
      default -> Optional.empty();
    };
  }

  private static void library(String word, SqlSyntax syntax, List<SqlOperator> found) {
    for (SqlOperator operator :
        List.of(
            SqlLibraryOperators.ILIKE,
            SqlLibraryOperators.NOT_ILIKE,
            SqlLibraryOperators.TRY_CAST,
            SqlLibraryOperators.SAFE_CAST)) {
      // casts have a syntax of their own but are looked up as functions
      boolean fits =
          operator.getSyntax() == syntax
              || (syntax == SqlSyntax.FUNCTION && operator instanceof SqlFunction);
      if (fits && operator.getName().equalsIgnoreCase(word)) {
        found.add(operator);
      }
    }
  }

  @Override
  public List<SqlOperator> getOperatorList() {
    List<SqlOperator> all = new ArrayList<>(functions.values());
    all.addAll(AGGREGATES.values());
    return all;
  }
}
