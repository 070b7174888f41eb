/** So many rows and no more. */
@NullMarked
package io.sluice.engine.operator.limit;

import org.jspecify.annotations.NullMarked;
