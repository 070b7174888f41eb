/** Tests of the server and what they share. */
@NullMarked
package io.sluice.server;

import org.jspecify.annotations.NullMarked;
