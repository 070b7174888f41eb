package io.sluice.engine.connector;

import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a call is made.
 *
 * @param token that the caller has shown and that catalogs may be shown in turn, or null
 */
public record Principal(String name, @Nullable BearerToken token) {
  /** Anyone, which only a server bound to loopback admits. */
  public static final Principal ANONYMOUS = new Principal("anonymous");

  /** Who has shown no token. */
  public Principal(String name) {
    this(name, null);
  }
}
