/** Rows of online tables by key. */
@NullMarked
package io.sluice.engine.operator.lookup;

import org.jspecify.annotations.NullMarked;
