/** Pipelines: fairness, cancellation, memory. */
@NullMarked
package io.sluice.engine.pipeline;

import org.jspecify.annotations.NullMarked;
