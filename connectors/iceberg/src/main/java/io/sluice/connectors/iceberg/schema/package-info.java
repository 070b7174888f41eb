/** SQL types and declarations, and how Iceberg schemas and table properties hold them. */
@NullMarked
package io.sluice.connectors.iceberg.schema;

import org.jspecify.annotations.NullMarked;
