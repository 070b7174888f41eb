/** What is kept of a column's values to describe them: counts, distinct values, quantiles. */
@NullMarked
package io.sluice.engine.operator.aggregate.profile;

import org.jspecify.annotations.NullMarked;
