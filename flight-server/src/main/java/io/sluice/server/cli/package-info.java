/** The command line. */
@NullMarked
package io.sluice.server.cli;

import org.jspecify.annotations.NullMarked;
