/** Tests of memory. */
@NullMarked
package io.sluice.engine.memory;

import org.jspecify.annotations.NullMarked;
