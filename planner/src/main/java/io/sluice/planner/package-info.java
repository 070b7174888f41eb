/** From SQL text to physical plans. */
@NullMarked
package io.sluice.planner;

import org.jspecify.annotations.NullMarked;
