/** Arrow Flight SQL: commands, tickets, prepared statements and actions. */
@NullMarked
package io.sluice.server.flight;

import org.jspecify.annotations.NullMarked;
