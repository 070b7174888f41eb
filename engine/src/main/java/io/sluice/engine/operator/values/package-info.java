/** Constant rows. */
@NullMarked
package io.sluice.engine.operator.values;

import org.jspecify.annotations.NullMarked;
