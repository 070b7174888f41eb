package io.sluice.engine;

import java.util.List;
import java.util.Map;

/**
 * What one operator did.
 *
 * @param nanos of worker time, over all workers
 * @param peakBytes of private state
 * @param metrics further figures by name, such as {@code row groups skipped}
 */
public record OperatorProfile(
    String name,
    String detail,
    long rows,
    long nanos,
    long peakBytes,
    Map<String, Long> metrics,
    List<OperatorProfile> inputs) {}
