/** Joins by equality and by any condition. */
@NullMarked
package io.sluice.engine.operator.join;

import org.jspecify.annotations.NullMarked;
