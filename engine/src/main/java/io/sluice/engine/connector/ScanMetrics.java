package io.sluice.engine.connector;

/**
 * What a scan has skipped so far.
 *
 * @param bytesRead compressed bytes taken from storage
 */
public record ScanMetrics(
    long files, long filesSkipped, long rowGroups, long rowGroupsSkipped, long bytesRead) {}
