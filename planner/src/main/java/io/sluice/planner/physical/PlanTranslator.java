package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.rules.TemporalJoin;
import io.sluice.planner.validate.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/** From the optimized relational expression to the plan that the engine runs. */
public final class PlanTranslator {
  private final ExpressionTranslator expressions;
  private final boolean onlineScan;
  private final Lookups lookups = new Lookups();

  public PlanTranslator(ExpressionTranslator expressions) {
    this(expressions, false);
  }

  /**
   * @param onlineScan whether plans may read all rows of online tables
   */
  public PlanTranslator(ExpressionTranslator expressions, boolean onlineScan) {
    this.expressions = expressions;
    this.onlineScan = onlineScan;
  }

  /**
   * The plan of a query.
   *
   * @param names of the output columns, in order
   */
  public PhysicalPlan translate(RelNode rel, List<String> names) {
    PhysicalPlan plan = lookups.resolve(translate(rel), onlineScan);
    List<OutputColumn> output = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      OutputColumn column = plan.output().get(i);
      output.add(new OutputColumn(names.get(i), column.type(), column.nullable()));
    }
    return output.equals(plan.output()) ? plan : Projections.relabel(plan, output);
  }

  PhysicalPlan translate(RelNode rel) {
    return switch (rel) {
      case TableScan scan -> TranslateScan.translate(scan, this);
      case Values values -> TranslateValues.translate(values);
      case Filter filter -> TranslateFilter.translate(filter, this);
      case Project project -> TranslateProject.translate(project, this);
      case Aggregate aggregate -> TranslateAggregate.translate(aggregate, this);
      case Join join -> TranslateJoin.translate(join, this);
      case TemporalJoin join -> TranslateTemporalJoin.translate(join, this);
      case Sort sort -> TranslateSort.translate(sort, this);
      case Union union -> TranslateUnion.translate(union, this);
      default ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED, "not supported: " + what(rel.getRelTypeName()));
    };
  }

  private static String what(String type) {
    return switch (type) {
      case "LogicalCorrelate" -> "this correlated sub-query; write it as a join";
      case "LogicalIntersect" -> "INTERSECT ALL";
      case "LogicalMinus" -> "EXCEPT ALL";
      case "LogicalRepeatUnion" -> "WITH RECURSIVE";
      case "Uncollect" -> "UNNEST";
      case "Sample" -> "TABLESAMPLE";
      case "LogicalMatch" -> "MATCH_RECOGNIZE";
      default -> type.replace("Logical", "");
    };
  }

  Lookups lookups() {
    return lookups;
  }

  ExpressionTranslator expressions() {
    return expressions;
  }

  static List<OutputColumn> columns(RelDataType rowType) {
    List<OutputColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : rowType.getFieldList()) {
      columns.add(
          new OutputColumn(
              field.getName(),
              SqlTypes.fromCalcite(field.getType()),
              field.getType().isNullable()));
    }
    return columns;
  }

  static Expression ref(PhysicalPlan plan, int column) {
    return new Expression.InputRef(column, plan.output().get(column).type());
  }
}
