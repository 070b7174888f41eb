/** Feature services in an Iceberg catalog. */
@NullMarked
package io.sluice.connectors.iceberg.service;

import org.jspecify.annotations.NullMarked;
