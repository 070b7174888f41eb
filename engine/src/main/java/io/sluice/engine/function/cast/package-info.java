/**
 * Conversions between types. A cast keeps the value or is an error: a fraction is never cut off to
 * make an integer, nor digits to make a smaller scale ({@code round} and {@code trunc} do that).
 * Conversions to REAL and DOUBLE round to the nearest; a timestamp's DATE and TIME are parts of it.
 */
@NullMarked
package io.sluice.engine.function.cast;

import org.jspecify.annotations.NullMarked;
