/** Other people's lakes: Iceberg REST catalogs, one connection for each user of them. */
@NullMarked
package io.sluice.connectors.iceberg.rest;

import org.jspecify.annotations.NullMarked;
