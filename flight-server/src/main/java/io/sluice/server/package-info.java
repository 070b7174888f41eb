/** The server: everything wired together, and the program that starts it. */
@NullMarked
package io.sluice.server;

import org.jspecify.annotations.NullMarked;
