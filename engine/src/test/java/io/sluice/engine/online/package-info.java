/** Tests of how online tables keep rows. */
@NullMarked
package io.sluice.engine.online;

import org.jspecify.annotations.NullMarked;
