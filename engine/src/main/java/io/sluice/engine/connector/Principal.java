package io.sluice.engine.connector;

/** On whose behalf a call is made. */
public record Principal(String name) {
  /** Anyone, which only a server bound to loopback admits. */
  public static final Principal ANONYMOUS = new Principal("anonymous");
}
