/** Snapshots of tables: their names, their expiry, and when they were committed. */
@NullMarked
package io.sluice.connectors.iceberg.history;

import org.jspecify.annotations.NullMarked;
