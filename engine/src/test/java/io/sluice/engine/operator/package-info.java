/** Operators, in all modes and with all faults. */
@NullMarked
package io.sluice.engine.operator;

import org.jspecify.annotations.NullMarked;
