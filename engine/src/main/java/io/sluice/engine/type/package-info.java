/** SQL types and their one mapping to Arrow. */
@NullMarked
package io.sluice.engine.type;

import org.jspecify.annotations.NullMarked;
