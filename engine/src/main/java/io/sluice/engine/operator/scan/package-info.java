/** Rows of tables. */
@NullMarked
package io.sluice.engine.operator.scan;

import org.jspecify.annotations.NullMarked;
