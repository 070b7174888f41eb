package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.engine.function.ResolvedFunction;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/**
 * The types of a function or operator of the engine, as its registry binds them. Parameters and
 * NULLs without a type take what the registry makes of them.
 *
 * @param function name in the registry
 * @param strict whether the result is NULL exactly where an argument is
 */
record RegistryTyping(String function, int min, int max, boolean strict)
    implements SqlReturnTypeInference, SqlOperandTypeInference, SqlOperandTypeChecker {
  /** Of parameters that nothing else gives a type; values that are bound later replace them. */
  private static final List<SqlType> GUESSES =
      List.of(SqlType.VARCHAR, SqlType.DOUBLE, SqlType.TIMESTAMP, SqlType.INTERVAL_MICROS);

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    List<RelDataType> operands = binding.collectOperandTypes();
    SqlType type = resolve(operands).map(ResolvedFunction::type).orElse(SqlType.NULL);
    boolean nullable =
        function.equals("coalesce")
            ? operands.stream().allMatch(RelDataType::isNullable)
            : !strict || operands.stream().anyMatch(RelDataType::isNullable);
    return SqlTypes.toCalcite(type, nullable, binding.getTypeFactory());
  }

  @Override
  public void inferOperandTypes(
      SqlCallBinding binding, RelDataType returnType, RelDataType[] operandTypes) {
    List<SqlType> known = new ArrayList<>();
    for (int i = 0; i < operandTypes.length; i++) {
      known.add(SqlTypes.fromCalcite(operandType(binding, i)));
    }
    if (operandTypes.length == 2 && (function.equals("add") || function.equals("subtract"))) {
      // what an interval is added to is a time
      boolean pointMissing = known.get(0).kind() == SqlType.Kind.NULL && isInterval(known.get(1));
      if (pointMissing) {
        known.set(0, SqlType.TIMESTAMP);
      }
    }
    List<SqlType> types = complete(known);
    for (int i = 0; i < operandTypes.length; i++) {
      operandTypes[i] = SqlTypes.toCalcite(types.get(i), true, binding.getTypeFactory());
    }
  }

  /** A type for every operand: what the registry makes of the known ones, else the first guess. */
  private List<SqlType> complete(List<SqlType> known) {
    List<SqlType> types = resolved(known).orElse(known);
    boolean allUnknown = known.stream().allMatch(RegistryTyping::isUnknown);
    if (!allUnknown && types.stream().noneMatch(RegistryTyping::isUnknown)) {
      return types;
    }
    List<SqlType> open = allUnknown ? known : types;
    return GUESSES.stream()
        .map(guess -> guessed(open, guess))
        .map(this::resolved)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> guessed(types, GUESSES.getFirst()));
  }

  private Optional<List<SqlType>> resolved(List<SqlType> operands) {
    return FunctionRegistry.standard()
        .resolve(function, operands)
        .map(ResolvedFunction::argumentTypes);
  }

  private static List<SqlType> guessed(List<SqlType> types, SqlType guess) {
    return types.stream().map(type -> isUnknown(type) ? guess : type).toList();
  }

  private static boolean isUnknown(SqlType type) {
    return type.kind() == SqlType.Kind.NULL;
  }

  private static RelDataType operandType(SqlCallBinding binding, int i) {
    return binding.getValidator().deriveType(binding.getScope(), binding.operand(i));
  }

  private static boolean isInterval(SqlType type) {
    return type.kind() == SqlType.Kind.INTERVAL_MICROS
        || type.kind() == SqlType.Kind.INTERVAL_MONTHS;
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    List<RelDataType> operands = binding.collectOperandTypes();
    if (resolve(operands).isPresent()) {
      return true;
    }
    if (!throwOnFailure) {
      return false;
    }
    SqlParserPos pos = binding.getCall().getParserPosition();
    throw new EngineException(
        ErrorCode.TYPE_MISMATCH,
        binding.getOperator().getName()
            + " does not take ("
            + operands.stream()
                .map(type -> SqlTypes.fromCalcite(type).sql())
                .collect(Collectors.joining(", "))
            + ")"
            + hint(operands),
        new SqlPosition(pos.getLineNum(), pos.getColumnNum()),
        null);
  }

  private static String hint(List<RelDataType> operands) {
    boolean text =
        operands.stream().anyMatch(t -> SqlTypes.fromCalcite(t).kind() == SqlType.Kind.VARCHAR);
    return text ? "; CAST the text to the type that is meant" : "";
  }

  private Optional<ResolvedFunction> resolve(List<RelDataType> operands) {
    return FunctionRegistry.standard()
        .resolve(function, operands.stream().map(SqlTypes::fromCalcite).toList());
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return max == Integer.MAX_VALUE
        ? SqlOperandCountRanges.from(min)
        : SqlOperandCountRanges.between(min, max);
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String name) {
    return name + "(...)";
  }

  @Override
  public SqlOperandTypeInference typeInference() {
    return this;
  }
}
