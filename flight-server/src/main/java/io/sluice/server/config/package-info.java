/** The server's settings: one typed, validated record. */
@NullMarked
package io.sluice.server.config;

import org.jspecify.annotations.NullMarked;
