package io.sluice.planner.physical;

import io.sluice.engine.connector.TableName;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;

/** A plan with constant rows in place of a table's. */
public final class GivenTable {
  private final TableName table;
  private final Cells cells;
  private final int rowCount;

  /** The values of a table. */
  @FunctionalInterface
  public interface Cells {
    Expression.Literal get(String column, int row);
  }

  /**
   * @param table in whose place the rows stand
   */
  public GivenTable(TableName table, Cells cells, int rowCount) {
    this.table = table;
    this.cells = cells;
    this.rowCount = rowCount;
  }

  /** The same plan over the rows. */
  public PhysicalPlan in(PhysicalPlan plan) {
    if (plan instanceof PhysicalPlan.ScanPlan scan && scan.table().equals(table)) {
      return rows(scan);
    }
    List<PhysicalPlan> inputs = plan.inputs();
    if (inputs.isEmpty()) {
      return plan;
    }
    List<PhysicalPlan> replaced = new ArrayList<>(inputs.size());
    boolean same = true;
    for (PhysicalPlan input : inputs) {
      PhysicalPlan other = in(input);
      same &= other == input;
      replaced.add(other);
    }
    return same ? plan : PlanInputs.with(plan, replaced);
  }

  private PhysicalPlan rows(PhysicalPlan.ScanPlan scan) {
    List<List<Expression>> rows = new ArrayList<>(rowCount);
    for (int row = 0; row < rowCount; row++) {
      List<Expression> values = new ArrayList<>(scan.tableColumns().size());
      for (String column : scan.tableColumns()) {
        values.add(cells.get(column, row));
      }
      rows.add(values);
    }
    PhysicalPlan given = new PhysicalPlan.ValuesPlan(rows, scan.output());
    Expression filter = scan.filter();
    return filter == null ? given : new PhysicalPlan.FilterPlan(given, filter);
  }
}
