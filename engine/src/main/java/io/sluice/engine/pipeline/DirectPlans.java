package io.sluice.engine.pipeline;

import io.sluice.engine.connector.GivenRows;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.function.BiFunction;

/** Plans with so little work that handing it to a worker would cost more: lookups of few keys. */
final class DirectPlans {
  private static final int MOST_ROWS = 1024;

  private final BiFunction<TableName, TableVersion, TableSnapshot> tables;

  /**
   * @param tables that the plans read
   */
  DirectPlans(BiFunction<TableName, TableVersion, TableSnapshot> tables) {
    this.tables = tables;
  }

  boolean isDirect(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.LookupJoinPlan lookup -> isFew(lookup.left());
      case PhysicalPlan.ProjectPlan project -> isDirect(project.input());
      case PhysicalPlan.FilterPlan filter -> isDirect(filter.input());
      default -> false;
    };
  }

  private boolean isFew(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ValuesPlan values -> values.rows().size() <= MOST_ROWS;
      case PhysicalPlan.ScanPlan scan ->
          tables.apply(scan.table(), scan.version()) instanceof GivenRows given
              && given.rowCount() <= MOST_ROWS;
      case PhysicalPlan.LookupJoinPlan lookup -> isFew(lookup.left());
      case PhysicalPlan.ProjectPlan project -> isFew(project.input());
      case PhysicalPlan.FilterPlan filter -> isFew(filter.input());
      default -> false;
    };
  }
}
