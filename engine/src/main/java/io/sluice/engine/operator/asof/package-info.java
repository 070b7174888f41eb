/** Point-in-time joins. */
@NullMarked
package io.sluice.engine.operator.asof;

import org.jspecify.annotations.NullMarked;
