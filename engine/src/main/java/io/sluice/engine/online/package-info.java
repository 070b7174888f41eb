/** Online tables: the latest row of each key of a lake table, for lookups in milliseconds. */
@NullMarked
package io.sluice.engine.online;

import org.jspecify.annotations.NullMarked;
