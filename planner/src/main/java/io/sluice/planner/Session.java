package io.sluice.planner;

import io.sluice.engine.connector.Principal;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** One client's settings. Safe for use by several threads. */
public final class Session {
  public static final String DEFAULT_CATALOG = "lake";
  public static final String DEFAULT_SCHEMA = "main";

  private final Principal principal;
  private volatile String catalog = DEFAULT_CATALOG;
  private volatile String schema = DEFAULT_SCHEMA;
  private volatile ZoneId zone = ZoneOffset.UTC;

  public Session(Principal principal) {
    this.principal = principal;
  }

  public Principal principal() {
    return principal;
  }

  public String catalog() {
    return catalog;
  }

  public void setCatalog(String catalog) {
    this.catalog = catalog;
  }

  public String schema() {
    return schema;
  }

  public void setSchema(String schema) {
    this.schema = schema;
  }

  public ZoneId zone() {
    return zone;
  }

  public void setZone(ZoneId zone) {
    this.zone = zone;
  }
}
