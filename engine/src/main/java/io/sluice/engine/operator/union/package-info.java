/** Rows of several inputs. */
@NullMarked
package io.sluice.engine.operator.union;

import org.jspecify.annotations.NullMarked;
