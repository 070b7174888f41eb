/** What tests of all modules share. */
@NullMarked
package io.sluice.engine.testing;

import org.jspecify.annotations.NullMarked;
