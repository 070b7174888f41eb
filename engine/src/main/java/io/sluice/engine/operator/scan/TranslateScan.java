package io.sluice.engine.operator.scan;

import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.operator.filter.FilterOperator;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code ScanPlan} to pipelines: splits handed out to tasks, then the filter. */
public final class TranslateScan {
  private TranslateScan() {}

  public static Flow translate(PhysicalPlan.ScanPlan plan, PipelineBuilder builder) {
    TableSnapshot table = builder.table(plan.table(), plan.version());
    TableScan scan = table.scan(new ScanRequest(plan.tableColumns(), plan.filter()));
    OperatorStats stats = builder.stats();
    boolean inOrder = table.keepsOrder() && builder.isResultScan(plan);
    Flow flow = builder.source(new ScanSupply(scan, stats, inOrder ? 1 : Integer.MAX_VALUE));
    stats.gauge("files", () -> scan.metrics().files());
    stats.gauge("files skipped", () -> scan.metrics().filesSkipped());
    stats.gauge("row groups", () -> scan.metrics().rowGroups());
    stats.gauge("row groups skipped", () -> scan.metrics().rowGroupsSkipped());
    stats.gauge("pages skipped", () -> scan.metrics().pagesSkipped());
    stats.gauge("bytes read", () -> scan.metrics().bytesRead());
    Expression filter = plan.filter();
    if (filter == null) {
      return flow;
    }
    return builder.append(
        flow, task -> new FilterOperator(task.expressions().compileFilter(filter)));
  }
}
