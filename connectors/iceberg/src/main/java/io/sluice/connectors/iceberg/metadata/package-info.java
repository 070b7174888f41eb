/** Tables that describe a table: {@code t$snapshots} and its like. */
@NullMarked
package io.sluice.connectors.iceberg.metadata;

import org.jspecify.annotations.NullMarked;
