/** HTTP/JSON: feature services and health. */
@NullMarked
package io.sluice.server.http;

import org.jspecify.annotations.NullMarked;
