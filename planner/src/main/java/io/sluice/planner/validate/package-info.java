/** What names, types and functions mean. */
@NullMarked
package io.sluice.planner.validate;

import org.jspecify.annotations.NullMarked;
