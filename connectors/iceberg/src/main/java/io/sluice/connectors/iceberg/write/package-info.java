/** Batches to Parquet data files, and data files to one commit. */
@NullMarked
package io.sluice.connectors.iceberg.write;

import org.jspecify.annotations.NullMarked;
