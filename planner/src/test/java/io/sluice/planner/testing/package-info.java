/** Catalogs for tests of the planner. */
@NullMarked
package io.sluice.planner.testing;

import org.jspecify.annotations.NullMarked;
