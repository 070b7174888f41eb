/**
 * Results on their way to a client: plain Arrow, in messages of a good size, as fast as it reads.
 */
@NullMarked
package io.sluice.server.stream;

import org.jspecify.annotations.NullMarked;
