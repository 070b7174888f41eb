/**
 * Batches of columns over Arrow memory. A batch that is pushed or returned belongs to the receiver,
 * who closes it once or hands it on.
 */
@NullMarked
package io.sluice.engine.batch;

import org.jspecify.annotations.NullMarked;
