/** Scalar expressions as data, and their evaluators. */
@NullMarked
package io.sluice.engine.expression;

import org.jspecify.annotations.NullMarked;
