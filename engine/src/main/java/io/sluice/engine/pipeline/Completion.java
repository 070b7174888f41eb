package io.sluice.engine.pipeline;

/** Something that pipelines wait for: the end of a pipeline, or a complete breaker. */
public sealed interface Completion permits Pipeline, BreakerNode {}
