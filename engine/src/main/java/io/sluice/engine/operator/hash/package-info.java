/** Keys of rows as bytes, and hash tables of them in Arrow memory: what joins and groups share. */
@NullMarked
package io.sluice.engine.operator.hash;

import org.jspecify.annotations.NullMarked;
