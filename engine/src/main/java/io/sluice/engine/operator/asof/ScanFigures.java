package io.sluice.engine.operator.asof;

import io.sluice.engine.connector.TableScan;
import io.sluice.engine.pipeline.OperatorStats;

/** What a late scan has read and skipped, in EXPLAIN ANALYZE. */
final class ScanFigures {
  private ScanFigures() {}

  static void show(TableScan scan, OperatorStats stats) {
    stats.gauge("files", () -> scan.metrics().files());
    stats.gauge("files skipped", () -> scan.metrics().filesSkipped());
    stats.gauge("row groups", () -> scan.metrics().rowGroups());
    stats.gauge("row groups skipped", () -> scan.metrics().rowGroupsSkipped());
    stats.gauge("pages skipped", () -> scan.metrics().pagesSkipped());
    stats.gauge("bytes read", () -> scan.metrics().bytesRead());
  }
}
