/** Files of the local file system as Iceberg sees them, without Hadoop. */
@NullMarked
package io.sluice.connectors.iceberg.io;

import org.jspecify.annotations.NullMarked;
