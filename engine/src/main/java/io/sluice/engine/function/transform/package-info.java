/** Kernels that make model input of columns: codes of categories, buckets of values. */
@NullMarked
package io.sluice.engine.function.transform;

import org.jspecify.annotations.NullMarked;
