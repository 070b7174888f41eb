/** Statements other than queries. */
@NullMarked
package io.sluice.planner.statement;

import org.jspecify.annotations.NullMarked;
