/** Plans and profiles as text. */
@NullMarked
package io.sluice.planner.explain;

import org.jspecify.annotations.NullMarked;
