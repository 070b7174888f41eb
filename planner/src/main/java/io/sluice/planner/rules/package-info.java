/** From validated SQL to an optimized relational expression: one ordered list of rules. */
@NullMarked
package io.sluice.planner.rules;

import org.jspecify.annotations.NullMarked;
