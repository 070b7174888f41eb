package io.sluice.planner.validate;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.TableVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Replaces syntax by what the validator knows: typed literals by casts that the engine folds,
 * versions of tables by pinned names, special syntax of functions by plain calls.
 */
public final class Desugar extends SqlShuttle {
  private static final int MILLI_DIGITS = 3;
  private static final int MICRO_DIGITS = 6;

  private final Set<SqlParserPos> stars = new HashSet<>();
  private final Set<String> hidden = new HashSet<>();
  private final Map<String, SqlCall> calls = new LinkedHashMap<>();
  private final StatementTables tables;
  private final VersionExpressions versions;

  public Desugar(StatementTables tables, VersionExpressions versions) {
    this.tables = tables;
    this.versions = versions;
  }

  /** Where the text has a star. */
  Set<SqlParserPos> stars() {
    return stars;
  }

  /** Names of hidden columns that the text mentions, in lower case. */
  Set<String> hidden() {
    return hidden;
  }

  /** Calls of table functions in FROM, by the names that stand for them. */
  public Map<String, SqlCall> calls() {
    return calls;
  }

  public SqlNode apply(SqlNode node) {
    SqlNode result = node.accept(this);
    if (result == null) {
      throw new AssertionError(node);
    }
    return result;
  }

  @Override
  public @Nullable SqlNode visit(SqlIdentifier identifier) {
    if (identifier.isStar()) {
      stars.add(identifier.getParserPosition());
    }
    String last = identifier.names.getLast().toLowerCase(Locale.ROOT);
    if (last.startsWith("_") && HiddenColumn.named(last).isPresent()) {
      hidden.add(last);
    }
    return identifier;
  }

  @Override
  public @Nullable SqlNode visit(SqlLiteral literal) {
    if (literal.getTypeName() == SqlTypeName.UNKNOWN) {
      return temporal(literal);
    }
    return literal instanceof SqlIntervalLiteral interval ? micros(interval) : literal;
  }

  /** Calcite keeps milliseconds of an interval; what is finer is added. */
  private static SqlNode micros(SqlIntervalLiteral literal) {
    SqlIntervalLiteral.IntervalValue value =
        literal.getValueAs(SqlIntervalLiteral.IntervalValue.class);
    String text = value.getIntervalLiteral().trim();
    int dot = text.indexOf('.');
    if (dot < 0 || text.length() - dot - 1 <= MILLI_DIGITS) {
      return literal;
    }
    String digits = (text.substring(dot + 1) + "000000").substring(0, MICRO_DIGITS);
    int micros = Integer.parseInt(digits.substring(MILLI_DIGITS)) * value.getSign();
    SqlParserPos pos = literal.getParserPosition();
    SqlNode milli =
        SqlLiteral.createInterval(
            1, "0.001", new SqlIntervalQualifier(TimeUnit.SECOND, null, pos), pos);
    SqlNode part = SqlLiteral.createApproxNumeric(micros + "E-3", pos);
    return SqlStdOperatorTable.PLUS.createCall(
        pos, literal, SqlStdOperatorTable.MULTIPLY.createCall(pos, milli, part));
  }

  /** {@code DATE '...'} and its like. */
  private static SqlNode temporal(SqlLiteral literal) {
    String text = literal.getValueAs(String.class);
    SqlParserPos pos = literal.getParserPosition();
    String tag = literal.toString().toUpperCase(Locale.ROOT);
    int quote = tag.indexOf('\'');
    String type = quote < 0 ? tag : tag.substring(0, quote).trim();
    int dot = text.indexOf('.');
    boolean nanos = dot >= 0 && text.substring(dot + 1).replaceAll("\\D.*", "").length() > 6;
    int precision = nanos ? 9 : 6;
    boolean zoned =
        type.contains("ZONE") || text.matches(".*\\d{2}:\\d{2}.*(Z|[+-]\\d{2}(:?\\d{2})?)\\s*");
    SqlTypeName name =
        switch (type.split(" ")[0]) {
          case "DATE" -> SqlTypeName.DATE;
          case "TIME" -> SqlTypeName.TIME;
          case "UUID" -> SqlTypeName.UUID;
          default -> zoned ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE : SqlTypeName.TIMESTAMP;
        };
    SqlBasicTypeNameSpec spec =
        name == SqlTypeName.DATE || name == SqlTypeName.UUID
            ? new SqlBasicTypeNameSpec(name, pos)
            : new SqlBasicTypeNameSpec(name, precision, pos);
    return cast(SqlLiteral.createCharString(text, pos), new SqlDataTypeSpec(spec, pos), pos);
  }

  private static SqlNode cast(SqlNode value, SqlNode type, SqlParserPos pos) {
    return SqlStdOperatorTable.CAST.createCall(pos, value, type);
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlSnapshot snapshot) {
      return pinned(snapshot, null);
    }
    if (call.getKind() == SqlKind.AS && call.operand(0) instanceof SqlSnapshot snapshot) {
      List<SqlNode> operands = new ArrayList<>(call.getOperandList());
      operands.set(0, pinned(snapshot, call));
      return call.getOperator().createCall(call.getParserPosition(), operands);
    }
    if (call instanceof SqlSelect select) {
      if (groupsByAll(select)) {
        groupByAll(select);
      }
      if (select.getFrom() != null) {
        select.setFrom(from(select.getFrom()));
      }
    }
    SqlNode visited = super.visit(call);
    if (visited instanceof SqlBasicCall basic) {
      return rewrite(basic);
    }
    return visited;
  }

  private SqlNode rewrite(SqlBasicCall call) {
    SqlParserPos pos = call.getParserPosition();
    if (call.getOperator().equals(DialectOperators.INFIX_CAST)) {
      return cast(call.operand(0), call.operand(1), pos);
    }
    if (call.getOperator().equals(SqlStdOperatorTable.INTERVAL)) {
      return interval(call.operand(0), call.operand(1), pos);
    }
    if (call.getOperator().equals(DialectOperators.AT_TIME_ZONE)) {
      return function("at_time_zone", pos, call.operand(0), call.operand(1));
    }
    return switch (call.getKind()) {
      case EXTRACT -> {
        SqlNode unit = call.operand(0);
        String name =
            unit instanceof SqlIntervalQualifier qualifier
                ? qualifier.timeFrameName == null
                    ? qualifier.timeUnitRange.name()
                    : qualifier.timeFrameName
                : unit.toString();
        yield function("extract_" + name.toLowerCase(Locale.ROOT), pos, call.operand(1));
      }
      case TRIM -> trim(call);
      case POSITION -> function("position", pos, call.operand(0), call.operand(1));
      case FLOOR, CEIL ->
          call.operandCount() == 2
                  && call.getKind() == SqlKind.FLOOR
                  && call.operand(1) instanceof SqlIntervalQualifier unit
              ? function(
                  "date_trunc",
                  pos,
                  SqlLiteral.createCharString(
                      unit.timeUnitRange.name().toLowerCase(Locale.ROOT), pos),
                  call.operand(0))
              : call;
      default -> call;
    };
  }

  /** {@code INTERVAL 30 DAY}, {@code INTERVAL n DAY}. */
  private static SqlNode interval(SqlNode count, SqlIntervalQualifier unit, SqlParserPos pos) {
    if (count instanceof SqlNumericLiteral number && number.isInteger()) {
      return SqlLiteral.createInterval(1, number.toValue(), unit, pos);
    }
    return SqlStdOperatorTable.MULTIPLY.createCall(
        pos, count, SqlLiteral.createInterval(1, "1", unit, pos));
  }

  private static SqlNode trim(SqlBasicCall call) {
    if (call.operandCount() != 3
        || !(call.operand(0) instanceof SqlLiteral flag)
        || flag.getTypeName() != SqlTypeName.SYMBOL) {
      return call;
    }
    String name =
        switch (flag.getValueAs(SqlTrimFunction.Flag.class)) {
          case BOTH -> "trim";
          case LEADING -> "ltrim";
          case TRAILING -> "rtrim";
        };
    SqlNode characters = call.operand(1);
    boolean blank =
        characters instanceof SqlCharStringLiteral text
            && " ".equals(text.getValueAs(String.class));
    return blank
        ? function(name, call.getParserPosition(), call.operand(2))
        : function(name, call.getParserPosition(), call.operand(2), characters);
  }

  private static SqlNode function(String name, SqlParserPos pos, SqlNode... operands) {
    EngineFunction known = Operators.instance().function(name);
    if (known != null) {
      return known.createCall(pos, operands);
    }
    return new SqlUnresolvedFunction(
            new SqlIdentifier(name, pos),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION)
        .createCall(pos, operands);
  }

  /** A FROM in which sub-tables that are written with a dot have their full name. */
  private SqlNode from(SqlNode node) {
    if (node instanceof SqlJoin join) {
      join.setLeft(from(join.getLeft()));
      join.setRight(from(join.getRight()));
      return join;
    }
    if (node instanceof CallName name) {
      calls.put(name.getSimple(), name.call());
      return name;
    }
    if (node.getKind() == SqlKind.COLLECTION_TABLE && node instanceof SqlCall table) {
      return from(new CallName(table.operand(0)));
    }
    if (node.getKind() == SqlKind.AS
        && node instanceof SqlCall call
        && (call.operand(0).getKind() == SqlKind.COLLECTION_TABLE
            || call.operand(0) instanceof CallName)) {
      List<SqlNode> operands = new ArrayList<>(call.getOperandList());
      operands.set(0, from(call.operand(0)));
      return call.getOperator().createCall(call.getParserPosition(), operands);
    }
    if (node instanceof SqlIdentifier table) {
      SqlIdentifier full = full(table);
      return full == table
          ? table
          : SqlStdOperatorTable.AS.createCall(
              table.getParserPosition(),
              full,
              new SqlIdentifier(table.names.getLast(), table.getParserPosition()));
    }
    if (node.getKind() == SqlKind.AS
        && node instanceof SqlCall call
        && call.operand(0) instanceof SqlIdentifier table
        && full(table) != table) {
      List<SqlNode> operands = new ArrayList<>(call.getOperandList());
      operands.set(0, full(table));
      return call.getOperator().createCall(call.getParserPosition(), operands);
    }
    return node;
  }

  private SqlIdentifier full(SqlIdentifier table) {
    List<String> names = tables.undotted(table.names);
    return names == table.names ? table : new SqlIdentifier(names, table.getParserPosition());
  }

  private SqlNode pinned(SqlSnapshot snapshot, @Nullable SqlCall alias) {
    if (!(snapshot.getTableRef() instanceof SqlIdentifier table)) {
      throw SqlErrors.at(
          snapshot, ErrorCode.UNSUPPORTED, "FOR ... AS OF stands after a table's name only");
    }
    SqlNode period = snapshot.getPeriod();
    TableVersion version =
        period instanceof SqlCall call && call.getOperator().equals(DialectOperators.VERSION)
            ? version(call.operand(0))
            : new TableVersion.AsOfTime(versions.epochMicros(apply(period)));
    List<String> names = new ArrayList<>(tables.undotted(table.names));
    names.add(PinnedNames.pin(names.removeLast(), version));
    SqlIdentifier pinned = new SqlIdentifier(names, table.getParserPosition());
    return alias != null
        ? pinned
        : SqlStdOperatorTable.AS.createCall(
            snapshot.getParserPosition(),
            pinned,
            new SqlIdentifier(table.names.getLast(), table.getParserPosition()));
  }

  /** {@code SELECT CAST(time AS TIMESTAMP WITH TIME ZONE)}. */
  public static SqlNode selectInstant(SqlNode time) {
    SqlParserPos pos = time.getParserPosition();
    SqlDataTypeSpec type =
        new SqlDataTypeSpec(
            new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, MICRO_DIGITS, pos),
            pos);
    return Selects.of(pos, SqlNodeList.of(cast(time, type, pos)), null, null);
  }

  /**
   * The version that FOR VERSION AS OF names.
   *
   * @throws io.sluice.engine.EngineException INVALID_ARGUMENT
   */
  public static TableVersion version(SqlNode node) {
    if (node instanceof SqlNumericLiteral number && number.isInteger()) {
      return new TableVersion.AsOfSnapshot(number.longValue(true));
    }
    if (node instanceof SqlCharStringLiteral text) {
      return new TableVersion.AsOfReference(text.getValueAs(String.class));
    }
    throw SqlErrors.at(
        node,
        ErrorCode.INVALID_ARGUMENT,
        "FOR VERSION AS OF takes a snapshot id or the name of a tag or branch in quotes");
  }

  private static boolean groupsByAll(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    return group != null
        && group.size() == 1
        && group.get(0) instanceof SqlCall call
        && call.getOperator().equals(DialectOperators.GROUP_BY_ALL);
  }

  /** Groups by every item of the select list that holds no aggregate. */
  private static void groupByAll(SqlSelect select) {
    SqlNodeList group = new SqlNodeList(select.getSelectList().getParserPosition());
    for (SqlNode item : select.getSelectList()) {
      SqlNode expression = SqlUtil.stripAs(item);
      if (!holdsAggregate(expression)) {
        group.add(expression);
      }
    }
    select.setGroupBy(group);
  }

  private static boolean holdsAggregate(SqlNode node) {
    boolean[] found = new boolean[1];
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            found[0] |= Operators.isAggregate(call.getOperator().getName());
            return call instanceof SqlSelect ? null : super.visit(call);
          }
        });
    return found[0];
  }

  /** Evaluates the instant of FOR SYSTEM_TIME AS OF. */
  @FunctionalInterface
  public interface VersionExpressions {
    /** Microseconds since 1970 of an expression that reads no column. */
    long epochMicros(SqlNode expression);
  }
}
