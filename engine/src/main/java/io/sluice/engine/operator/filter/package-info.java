/** Rows for which a condition is true. */
@NullMarked
package io.sluice.engine.operator.filter;

import org.jspecify.annotations.NullMarked;
