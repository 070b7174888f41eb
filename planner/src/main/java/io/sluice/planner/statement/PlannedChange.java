package io.sluice.planner.statement;

import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.RowChange;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement that changes rows, ready to run.
 *
 * @param finding what the plan gives
 * @param kinds what is done with rows by number; empty where they are removed
 * @param parameters types by index
 */
record PlannedChange(
    ChangeTarget target,
    PhysicalPlan plan,
    Finding finding,
    List<RowChange> kinds,
    List<SqlType> parameters) {
  /** How a plan says which rows are changed. */
  enum Finding {
    /** All are removed; the plan need not run. */
    ALL_ROWS,
    /** By the addresses of those that are removed, in any order. */
    ADDRESSES,
    /** In the form of {@code RowChanges.change}. */
    CHANGES
  }

  PlannedChange {
    kinds = List.copyOf(kinds);
    parameters = List.copyOf(parameters);
  }

  /** What of the table the rows were found by. */
  ChangeScope scope() {
    List<PhysicalPlan.ScanPlan> scans = new ArrayList<>();
    scans(plan, target.name(), scans);
    PhysicalPlan.ScanPlan changed = null;
    for (PhysicalPlan.ScanPlan scan : scans) {
      if (scan.tableColumns().contains(HiddenColumn.ROW_ADDRESS.columnName())) {
        changed = scan;
      }
    }
    return changed == null
        ? new ChangeScope(List.of(), null, !scans.isEmpty())
        : new ChangeScope(changed.tableColumns(), changed.filter(), scans.size() > 1);
  }

  /** Reads of the table's current state. */
  private static void scans(PhysicalPlan plan, TableName table, List<PhysicalPlan.ScanPlan> into) {
    if (plan instanceof PhysicalPlan.ScanPlan scan
        && scan.table().equals(table)
        && scan.version() instanceof TableVersion.Current) {
      into.add(scan);
    }
    plan.inputs().forEach(input -> scans(input, table, into));
  }
}
