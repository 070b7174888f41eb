/** Shares of rows for several readers, shuffled or not. */
@NullMarked
package io.sluice.engine.operator.shard;

import org.jspecify.annotations.NullMarked;
