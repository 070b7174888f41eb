package io.sluice.planner;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client's settings and temporary tables, which closing it removes. Safe for use by several
 * threads.
 */
public final class Session implements AutoCloseable {
  public static final String DEFAULT_CATALOG = "lake";
  public static final String DEFAULT_SCHEMA = "main";

  private final Principal principal;
  private volatile String catalog = DEFAULT_CATALOG;
  private volatile String schema = DEFAULT_SCHEMA;
  private volatile ZoneId zone = ZoneOffset.UTC;
  private volatile ReadOptions reading = ReadOptions.ALL;
  private volatile boolean onlineScan;

  // Guarded by this.
  private @Nullable Catalog temporary;
  private boolean closed;

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

  /** What the plan of a statement depends on. */
  public record Settings(String catalog, String schema, ZoneId zone, boolean onlineScan) {}

  public Settings settings() {
    return new Settings(catalog, schema, zone, onlineScan);
  }

  /** Whether queries may read all rows of online tables, which are there for lookups. */
  public boolean onlineScan() {
    return onlineScan;
  }

  public void setOnlineScan(boolean allowed) {
    this.onlineScan = allowed;
  }

  /** Which rows its queries give. */
  public ReadOptions reading() {
    return reading;
  }

  public void setReading(ReadOptions options) {
    this.reading = options;
  }

  /**
   * The catalog of this session's temporary tables, or empty where the server keeps none or the
   * session is closed: its results may still be fetched then.
   */
  public synchronized Optional<Catalog> temporaryTables(Catalogs catalogs) {
    if (temporary == null && !closed) {
      temporary = catalogs.temporaryTables().map(tables -> tables.open()).orElse(null);
    }
    return Optional.ofNullable(temporary);
  }

  /** The server's catalogs and, unlisted, that of this session's temporary tables. */
  public Catalogs catalogs(Catalogs server) {
    return temporaryTables(server).map(server::with).orElse(server);
  }

  /** Removes the temporary tables; statements that still read them fail. */
  @Override
  public void close() {
    Catalog tables;
    synchronized (this) {
      closed = true;
      tables = temporary;
      temporary = null;
    }
    if (tables != null) {
      tables.close();
    }
  }
}
