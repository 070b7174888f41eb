/** Operands of scalar kernels and the loops over them. */
@NullMarked
package io.sluice.engine.function.kernel;

import org.jspecify.annotations.NullMarked;
