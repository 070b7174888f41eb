/** Tests of the way from SQL text to plans. */
@NullMarked
package io.sluice.planner;

import org.jspecify.annotations.NullMarked;
