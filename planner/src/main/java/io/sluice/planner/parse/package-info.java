/** SQL text to statements. */
@NullMarked
package io.sluice.planner.parse;

import org.jspecify.annotations.NullMarked;
