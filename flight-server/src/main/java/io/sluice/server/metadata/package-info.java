/** What clients ask about the server, its catalogs and its types. */
@NullMarked
package io.sluice.server.metadata;

import org.jspecify.annotations.NullMarked;
