package io.sluice.planner.physical;

import io.sluice.engine.online.OnlineRelation;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.validate.CatalogTable;
import org.apache.calcite.rel.core.TableScan;

/**
 * A table in one of its versions, all columns; projections and filters are merged into it later.
 */
final class TranslateScan {
  private TranslateScan() {}

  static PhysicalPlan translate(TableScan scan, PlanTranslator plans) {
    CatalogTable.Base table = scan.getTable().unwrap(CatalogTable.Base.class);
    if (table == null) {
      throw new AssertionError(scan.getTable());
    }
    if (table.snapshot() instanceof OnlineRelation.State online) {
      plans.lookups().add(table.name(), online.definition());
    }
    return new PhysicalPlan.ScanPlan(
        table.name(),
        table.version(),
        scan.getRowType().getFieldNames(),
        null,
        PlanTranslator.columns(scan.getRowType()));
  }
}
