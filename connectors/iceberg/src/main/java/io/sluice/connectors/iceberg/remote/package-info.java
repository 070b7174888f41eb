/** Parquet files on other machines: ranges that are fetched side by side before they are read. */
@NullMarked
package io.sluice.connectors.iceberg.remote;

import org.jspecify.annotations.NullMarked;
