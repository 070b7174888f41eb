/** Arrow tables of any client on their way into a catalog. */
@NullMarked
package io.sluice.server.ingest;

import org.jspecify.annotations.NullMarked;
