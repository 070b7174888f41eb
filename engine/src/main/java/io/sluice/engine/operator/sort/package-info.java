/** Rows in order: all, or the first of them. */
@NullMarked
package io.sluice.engine.operator.sort;

import org.jspecify.annotations.NullMarked;
