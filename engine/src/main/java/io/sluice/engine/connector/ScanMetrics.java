package io.sluice.engine.connector;

/**
 * What a scan has skipped so far.
 *
 * @param pagesSkipped pages of the filter's columns in row groups that were read
 * @param bytesRead compressed bytes taken from storage, as an estimate
 */
public record ScanMetrics(
    long files,
    long filesSkipped,
    long rowGroups,
    long rowGroupsSkipped,
    long pagesSkipped,
    long bytesRead) {
  /** Nothing was there to be read. */
  public static final ScanMetrics NONE = new ScanMetrics(0, 0, 0, 0, 0, 0);
}
