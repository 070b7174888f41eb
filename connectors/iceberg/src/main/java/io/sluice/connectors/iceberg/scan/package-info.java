/** From a snapshot and a filter to row groups, and from row groups to batches. */
@NullMarked
package io.sluice.connectors.iceberg.scan;

import org.jspecify.annotations.NullMarked;
