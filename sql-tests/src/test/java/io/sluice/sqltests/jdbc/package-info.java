/** Sluice as JDBC users see it, through the driver that their tools bring. */
@NullMarked
package io.sluice.sqltests.jdbc;

import org.jspecify.annotations.NullMarked;
