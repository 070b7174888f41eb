/** What the engine asks of an outside system. */
@NullMarked
package io.sluice.engine.connector;

import org.jspecify.annotations.NullMarked;
