package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import io.sluice.engine.function.FunctionDoc;
import io.sluice.engine.function.ResolvedFunction;
import io.sluice.engine.operator.aggregate.AggregateRegistry;
import io.sluice.engine.type.SqlType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** The types of an aggregate of the engine, as its registry resolves them. */
record AggregateTyping(FunctionDoc doc)
    implements SqlReturnTypeInference, SqlOperandTypeInference, SqlOperandTypeChecker {
  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    SqlType type =
        resolve(binding.collectOperandTypes()).map(ResolvedFunction::type).orElse(SqlType.NULL);
    boolean nullable = !AggregateRegistry.standard().isNeverNull(doc.name());
    return SqlTypes.toCalcite(type, nullable, binding.getTypeFactory());
  }

  @Override
  public void inferOperandTypes(
      SqlCallBinding binding, RelDataType returnType, RelDataType[] operandTypes) {
    List<RelDataType> known =
        IntStream.range(0, operandTypes.length)
            .mapToObj(
                i -> binding.getValidator().deriveType(binding.getScope(), binding.operand(i)))
            .toList();
    List<SqlType> types =
        resolve(known)
            .map(ResolvedFunction::argumentTypes)
            .orElseGet(() -> known.stream().map(SqlTypes::fromCalcite).toList());
    Arrays.setAll(
        operandTypes,
        i -> {
          SqlType type = types.get(i).kind() == SqlType.Kind.NULL ? SqlType.VARCHAR : types.get(i);
          return SqlTypes.toCalcite(type, true, binding.getTypeFactory());
        });
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
    String types =
        operands.stream()
            .map(type -> SqlTypes.fromCalcite(type).sql())
            .collect(Collectors.joining(", "));
    throw new EngineException(
        ErrorCode.TYPE_MISMATCH,
        binding.getOperator().getName() + " does not take (" + types + "): " + doc.syntax(),
        new SqlPosition(pos.getLineNum(), pos.getColumnNum()),
        null);
  }

  private Optional<ResolvedFunction> resolve(List<RelDataType> operands) {
    return AggregateRegistry.standard()
        .resolve(doc.name(), operands.stream().map(SqlTypes::fromCalcite).toList());
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return doc.maxArguments() == Integer.MAX_VALUE
        ? SqlOperandCountRanges.from(doc.minArguments())
        : SqlOperandCountRanges.between(doc.minArguments(), doc.maxArguments());
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String name) {
    return doc.syntax();
  }

  @Override
  public SqlOperandTypeInference typeInference() {
    return this;
  }
}
