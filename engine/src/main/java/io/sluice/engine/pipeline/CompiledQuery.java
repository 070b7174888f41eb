package io.sluice.engine.pipeline;

import java.util.List;

/**
 * A plan cut into pipelines, ready to run once.
 *
 * @param done what the query is complete with
 * @param direct whether the thread that starts the query does the work, as far as it needs not wait
 * @param resources to be closed at the end, last first
 */
record CompiledQuery(
    List<Pipeline> pipelines,
    List<BreakerNode> breakers,
    Completion done,
    boolean direct,
    List<AutoCloseable> resources,
    OperatorStats stats,
    ResultBuffer results) {}
