/** Grouping and aggregates. */
@NullMarked
package io.sluice.engine.operator.aggregate;

import org.jspecify.annotations.NullMarked;
