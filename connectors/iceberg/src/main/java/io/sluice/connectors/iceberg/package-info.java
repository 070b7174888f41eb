/**
 * Tables and views of Iceberg catalogs: the embedded lake, and any catalog of the Iceberg library.
 */
@NullMarked
package io.sluice.connectors.iceberg;

import org.jspecify.annotations.NullMarked;
