package io.sluice.connectors.iceberg.io;

import org.apache.iceberg.metrics.MetricsReport;
import org.apache.iceberg.metrics.MetricsReporter;

/** Drops the library's reports of scans and commits, which it would otherwise log one by one. */
public final class NoReports implements MetricsReporter {
  /** Used by catalogs, which create it by name. */
  public NoReports() {}

  @Override
  public void report(MetricsReport report) {}
}
