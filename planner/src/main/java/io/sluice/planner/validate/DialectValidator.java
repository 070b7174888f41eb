package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.fun.SqlInOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/** Calcite's validator with the dialect's names, types, parameters and ASOF joins. */
public final class DialectValidator extends SqlValidatorImpl {
  private final CatalogReader reader;
  private final Set<SqlParserPos> stars;
  private final List<SqlType> bound;
  private final Map<Integer, SqlType> parameters = new HashMap<>();
  private final Set<Integer> rowCounts = new HashSet<>();
  private final Set<String> columnNames = new HashSet<>();

  /**
   * @param bound types of the parameters, NULL for a value of no type; empty where no value is
   *     bound yet
   */
  public DialectValidator(CatalogReader reader, Desugar desugar, List<SqlType> bound) {
    super(
        Operators.instance(),
        reader,
        reader.getTypeFactory(),
        SqlValidator.Config.DEFAULT
            .withConformance(Dialect.CONFORMANCE)
            .withDefaultNullCollation(NullCollation.LAST)
            .withIdentifierExpansion(true)
            .withTypeCoercionEnabled(true)
            .withTypeCoercionFactory(DialectCoercion::new));
    this.reader = reader;
    this.stars = desugar.stars();
    this.bound = List.copyOf(bound);
  }

  /** The hidden columns that a desugared text mentions. */
  public static List<ColumnDefinition> hiddenColumns(Desugar desugar) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (String name : new java.util.TreeSet<>(desugar.hidden())) {
      HiddenColumn.named(name)
          .ifPresent(c -> columns.add(new ColumnDefinition(name, c.type(), true, null)));
    }
    return columns;
  }

  /**
   * The type that a column is declared with.
   *
   * @throws EngineException TYPE_MISMATCH where there is no such type
   */
  public static SqlType typeOf(SqlDataTypeSpec spec, StatementTables tables) {
    if (spec.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec unknown) {
      throw SqlErrors.at(
          spec, ErrorCode.TYPE_MISMATCH, "there is no type " + unknown.getTypeName());
    }
    CatalogReader reader = CatalogReader.ofTypes(tables);
    DialectValidator validator =
        new DialectValidator(reader, new Desugar(tables, period -> 0), List.of());
    try {
      return SqlTypes.fromCalcite(spec.deriveType(validator));
    } catch (CalciteException failure) {
      throw SqlErrors.at(spec, ErrorCode.TYPE_MISMATCH, String.valueOf(failure.getMessage()));
    } catch (EngineException failure) {
      throw SqlErrors.at(spec, failure);
    }
  }

  /**
   * The statement with names resolved.
   *
   * @throws EngineException what is wrong and where
   */
  public SqlNode check(SqlNode statement) {
    try {
      return validate(statement);
    } catch (CalciteContextException failure) {
      throw SqlErrors.translate(failure, reader.names(), columnNames);
    }
  }

  /** Types of the parameters by index, as far as they are known. */
  public List<SqlType> parameters(int count) {
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SqlType used = parameters.getOrDefault(i, SqlType.VARCHAR);
      types.add(rowCounts.contains(i) ? SqlType.BIGINT : boundType(i).orElse(used));
    }
    return types;
  }

  @Override
  public RelDataType deriveType(SqlValidatorScope scope, SqlNode expression) {
    if (expression instanceof SqlDynamicParam parameter) {
      SqlType known = boundType(parameter.getIndex()).orElse(null);
      if (known != null) {
        RelDataType type = SqlTypes.toCalcite(known, true, typeFactory);
        setValidatedNodeType(expression, type);
        return type;
      }
    }
    return super.deriveType(scope, expression);
  }

  @Override
  protected void inferUnknownTypes(RelDataType inferred, SqlValidatorScope scope, SqlNode node) {
    if (node instanceof SqlDynamicParam parameter) {
      int index = parameter.getIndex();
      SqlType type = boundType(index).orElseGet(() -> SqlTypes.fromCalcite(inferred));
      SqlType known = type.kind() == SqlType.Kind.NULL ? SqlType.VARCHAR : type;
      parameters.put(index, known);
      super.inferUnknownTypes(SqlTypes.toCalcite(known, true, typeFactory), scope, node);
      return;
    }
    if (node instanceof SqlCall call && call.getOperator() instanceof SqlInOperator) {
      inferMembers(call, scope);
      return;
    }
    if (node instanceof SqlCall call && isShiftedParameter(call)) {
      inferUnknownTypes(moment(inferred), scope, call.operand(0));
      return;
    }
    SqlNode own = typedByTheEngine(node);
    if (own != node && own instanceof SqlCall call) {
      // its typing asks for the operands' types, which parameters within them must not leave open
      call.getOperandList().stream()
          .filter(operand -> operand instanceof SqlCall && !operand.isA(SqlKind.QUERY))
          .forEach(operand -> inferUnknownTypes(unknownType, scope, operand));
    }
    super.inferUnknownTypes(inferred, scope, own);
  }

  /** The type of a bound value, where it has one. */
  private Optional<SqlType> boundType(int index) {
    return index < bound.size() && bound.get(index).kind() != SqlType.Kind.NULL
        ? Optional.of(bound.get(index))
        : Optional.empty();
  }

  /** A call of what the parser has found as one of what the engine has in its place. */
  private static SqlNode typedByTheEngine(SqlNode node) {
    if (!(node instanceof SqlCall call)) {
      return node;
    }
    return Operators.instance()
        .own(call.getOperator())
        .<SqlNode>map(own -> own.createCall(call.getParserPosition(), call.getOperandList()))
        .orElse(node);
  }

  /** Parameters in x IN (y, z) take the type of what is known there. */
  private void inferMembers(SqlCall in, SqlValidatorScope scope) {
    if (!(in.operand(1) instanceof SqlNodeList list)) {
      super.inferUnknownTypes(unknownType, scope, in);
      return;
    }
    List<SqlNode> members = new ArrayList<>(list);
    members.addFirst(in.operand(0));
    RelDataType known =
        members.stream()
            .map(member -> deriveType(scope, member))
            .filter(type -> SqlTypes.fromCalcite(type).kind() != SqlType.Kind.NULL)
            .findFirst()
            .orElse(unknownType);
    members.forEach(member -> inferUnknownTypes(known, scope, member));
  }

  /** LIMIT and OFFSET take numbers of rows, whatever is bound. */
  @Override
  protected void validateSelect(SqlSelect select, RelDataType target) {
    super.validateSelect(select, target);
    for (SqlNode count : Arrays.asList(select.getFetch(), select.getOffset())) {
      if (count instanceof SqlDynamicParam parameter) {
        rowCounts.add(parameter.getIndex());
      }
    }
  }

  /** Whether this is a parameter plus or minus an interval: a moment, not another interval. */
  private static boolean isShiftedParameter(SqlCall call) {
    return (call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS)
        && call.operandCount() == 2
        && call.operand(0) instanceof SqlDynamicParam
        && call.operand(1) instanceof SqlIntervalLiteral;
  }

  private RelDataType moment(RelDataType inferred) {
    SqlTypeFamily family = inferred.getSqlTypeName().getFamily();
    return family == SqlTypeFamily.TIMESTAMP || family == SqlTypeFamily.DATE
        ? inferred
        : SqlTypes.toCalcite(SqlType.TIMESTAMP, true, typeFactory);
  }

  @Override
  public SqlNode expand(SqlNode expression, SqlValidatorScope scope) {
    return super.expand(fieldPaths(expression, scope), scope);
  }

  @Override
  public SqlNode expandSelectExpr(
      SqlNode expression, SelectScope scope, SqlSelect select, Map<String, SqlNode> expansions) {
    return super.expandSelectExpr(fieldPaths(expression, scope), scope, select, expansions);
  }

  @Override
  public SqlNode expandOrderExpr(SqlSelect select, SqlNode expression) {
    return super.expandOrderExpr(select, fieldPaths(expression, getOrderScope(select)));
  }

  /** GROUP BY may name an item of the list, so both are made ready before either is looked at. */
  @Override
  protected void validateWhereClause(SqlSelect select) {
    SqlValidatorScope scope = getWhereScope(select);
    fieldPaths(select.getSelectList(), scope);
    SqlNodeList group = select.getGroup();
    if (group != null) {
      fieldPaths(group, scope);
    }
    SqlNode having = select.getHaving();
    if (having != null) {
      select.setHaving(fieldPaths(having, scope));
    }
    super.validateWhereClause(select);
  }

  private void fieldPaths(SqlNodeList list, SqlValidatorScope scope) {
    for (int i = 0; i < list.size(); i++) {
      SqlNode item = list.get(i);
      if (item != null) {
        list.set(i, fieldPaths(item, scope));
      }
    }
  }

  private SqlNode fieldPaths(SqlNode expression, SqlValidatorScope scope) {
    return FieldPaths.qualified(expression, scope, reader.nameMatcher());
  }

  /** A star leaves hidden columns out. */
  @Override
  protected void addToSelectList(
      List<SqlNode> list,
      Set<String> aliases,
      List<Map.Entry<String, RelDataType>> fields,
      SqlNode expression,
      SelectScope scope,
      boolean includeSystemVars) {
    boolean starred =
        expression instanceof SqlIdentifier identifier
            && stars.contains(identifier.getParserPosition())
            && identifier.names.getLast().startsWith("_")
            && HiddenColumn.named(identifier.names.getLast()).isPresent();
    if (!starred) {
      super.addToSelectList(list, aliases, fields, expression, scope, includeSystemVars);
    }
  }

  @Override
  public CalciteException handleUnresolvedFunction(
      SqlCall call,
      SqlOperator function,
      List<RelDataType> argumentTypes,
      @Nullable List<String> argumentNames) {
    String name = function.getName();
    Set<String> known = Operators.instance().names();
    String types =
        argumentTypes.stream()
            .map(type -> SqlTypes.fromCalcite(type).sql())
            .collect(Collectors.joining(", "));
    if (known.contains(name.toLowerCase(Locale.ROOT))) {
      throw SqlErrors.at(call, ErrorCode.TYPE_MISMATCH, name + " does not take (" + types + ")");
    }
    throw SqlErrors.at(
        call,
        ErrorCode.UNKNOWN_FUNCTION,
        "function "
            + name.toLowerCase(Locale.ROOT)
            + " does not exist"
            + Names.didYouMean(name, known));
  }

  /** Names that a wrong column may have meant: those of all tables that were looked at. */
  @Override
  protected void validateFrom(SqlNode node, RelDataType target, SqlValidatorScope scope) {
    super.validateFrom(node, target, scope);
    var namespace = getNamespace(node);
    if (namespace != null && namespace.getRowType().isStruct()) {
      columnNames.addAll(namespace.getRowType().getFieldNames());
    }
  }

  /**
   * An ASOF join's ON may be any condition, its MATCH_CONDITION any conjunction that begins with an
   * ordering comparison.
   */
  @Override
  protected void validateJoin(SqlJoin join, SqlValidatorScope scope) {
    if (!(join instanceof SqlAsofJoin asof)) {
      super.validateJoin(join, scope);
      return;
    }
    AsofConditions.refuseSubQueries(asof);
    JoinType type = join.getJoinType();
    SqlParserPos pos = join.getJoinTypeNode().getParserPosition();
    boolean outer = type == JoinType.LEFT_ASOF;
    join.setOperand(2, (outer ? JoinType.LEFT : JoinType.INNER).symbol(pos));
    super.validateJoin(join, scope);
    join.setOperand(2, type.symbol(pos));
    SqlValidatorScope joinScope = getJoinScope(join);
    SqlNode condition = expand(AsofConditions.match(asof), joinScope);
    AsofConditions.checkSides(asof, condition);
    join.setOperand(6, condition);
    validateWhereOrOn(joinScope, condition, "MATCH_CONDITION");
    assert join.getConditionType() != JoinConditionType.NONE;
  }
}
