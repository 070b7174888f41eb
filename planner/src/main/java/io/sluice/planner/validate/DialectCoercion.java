package io.sluice.planner.validate;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.engine.function.ResolvedFunction;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Which operands of a comparison adapt: literals and parameters take the other side's type; columns
 * only convert where nothing is lost, and a zoned and a zone-less timestamp never compare.
 */
final class DialectCoercion extends TypeCoercionImpl {
  private final SqlValidator owner;

  DialectCoercion(RelDataTypeFactory types, SqlValidator validator) {
    super(types, validator);
    this.owner = validator;
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    SqlCall call = binding.getCall();
    boolean changed = false;
    for (int i = 1; i < binding.getOperandCount(); i++) {
      changed |= compare(binding, call, 0, i);
    }
    return changed;
  }

  private boolean compare(SqlCallBinding binding, SqlCall call, int a, int b) {
    RelDataType left = owner.deriveType(binding.getScope(), call.operand(a));
    RelDataType right = owner.deriveType(binding.getScope(), call.operand(b));
    if (left.isStruct() || right.isStruct()) {
      return false;
    }
    SqlType x = SqlTypes.fromCalcite(left);
    SqlType y = SqlTypes.fromCalcite(right);
    if (x.equals(y) || (x.isNumeric() && y.isNumeric())) {
      return false;
    }
    if (x.kind() == SqlType.Kind.NULL || y.kind() == SqlType.Kind.NULL) {
      return false;
    }
    Optional<ResolvedFunction> resolved = FunctionRegistry.standard().resolve("eq", List.of(x, y));
    if (resolved.isPresent()) {
      SqlType common = resolved.get().argumentTypes().getFirst();
      return convert(binding, call, a, x, common, left)
          | convert(binding, call, b, y, common, right);
    }
    if (adapts(call.operand(b))) {
      return convert(binding, call, b, y, x, right);
    }
    if (adapts(call.operand(a))) {
      return convert(binding, call, a, x, y, left);
    }
    throw mismatch(call, a, b, x, y);
  }

  private boolean convert(
      SqlCallBinding binding, SqlCall call, int i, SqlType from, SqlType to, RelDataType type) {
    if (from.equals(to)) {
      return false;
    }
    return coerceOperandType(
        binding.getScope(), call, i, SqlTypes.toCalcite(to, type.isNullable(), factory));
  }

  private RuntimeException mismatch(SqlCall call, int a, int b, SqlType x, SqlType y) {
    boolean zones = x instanceof SqlType.Timestamp && y instanceof SqlType.Timestamp;
    if (zones) {
      boolean leftIsLocal = x.kind() == SqlType.Kind.TIMESTAMP;
      SqlNode local = leftIsLocal ? call.operand(a) : call.operand(b);
      return SqlErrors.at(
          call,
          ErrorCode.TYPE_MISMATCH,
          "a "
              + x.sql()
              + " and a "
              + y.sql()
              + " do not compare: say in which zone the local time is, as in "
              + local
              + " AT TIME ZONE 'America/New_York'");
    }
    return SqlErrors.at(
        call,
        ErrorCode.TYPE_MISMATCH,
        x.sql() + " and " + y.sql() + " do not compare; CAST one of them");
  }

  /** Whether an expression is made of literals and parameters alone. */
  private static boolean adapts(SqlNode node) {
    boolean[] column = new boolean[1];
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlIdentifier identifier) {
            column[0] = true;
            return null;
          }

          @Override
          public @Nullable Void visit(SqlCall call) {
            column[0] |= call.getKind().belongsTo(SqlKind.QUERY);
            return super.visit(call);
          }

          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            return null;
          }
        });
    return !column[0];
  }

  /** Arguments of the engine's functions are converted where expressions are translated. */
  @Override
  public boolean binaryArithmeticCoercion(SqlCallBinding binding) {
    return false;
  }
}
