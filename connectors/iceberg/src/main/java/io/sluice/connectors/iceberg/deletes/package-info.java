/** Rows that delete files take out of data files. */
@NullMarked
package io.sluice.connectors.iceberg.deletes;

import org.jspecify.annotations.NullMarked;
