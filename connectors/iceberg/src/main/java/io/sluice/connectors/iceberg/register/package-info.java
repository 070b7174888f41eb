/** Existing Parquet files becoming a table's files. */
@NullMarked
package io.sluice.connectors.iceberg.register;

import org.jspecify.annotations.NullMarked;
