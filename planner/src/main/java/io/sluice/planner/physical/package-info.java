/** Relational expressions to physical plans: one class per operator. */
@NullMarked
package io.sluice.planner.physical;

import org.jspecify.annotations.NullMarked;
