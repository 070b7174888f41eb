/** The vectorized engine: errors, and below it batches, plans, operators and the connector SPI. */
@NullMarked
package io.sluice.engine;

import org.jspecify.annotations.NullMarked;
