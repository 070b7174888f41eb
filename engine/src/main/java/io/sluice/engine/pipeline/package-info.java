/** Sources, operators and sinks, and the workers that run them and never block. */
@NullMarked
package io.sluice.engine.pipeline;

import org.jspecify.annotations.NullMarked;
