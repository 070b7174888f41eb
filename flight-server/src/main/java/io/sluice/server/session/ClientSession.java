package io.sluice.server.session;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import io.sluice.planner.Session;
import io.sluice.server.config.Closest;
import io.sluice.server.stream.StreamOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One client's settings and how much it holds. Safe for use by several threads. */
public final class ClientSession {
  private final String id;
  private final String key;
  private final Session sql;
  private final Catalogs catalogs;
  private final AtomicInteger preparedStatements = new AtomicInteger();
  private volatile boolean naiveTimestamps;
  private volatile int timestampPrecision = 6;
  private volatile boolean cookieKept;

  /**
   * @param key what its first call was known by
   */
  public ClientSession(String id, String key, Principal principal, Catalogs catalogs) {
    this.id = id;
    this.key = key;
    this.sql = new Session(principal);
    this.catalogs = catalogs;
  }

  String id() {
    return id;
  }

  String key() {
    return key;
  }

  /** The client has sent the cookie that it was offered. */
  void keepCookie() {
    cookieKept = true;
  }

  /** Whether another connection may still name this session. */
  boolean keepsCookie() {
    return cookieKept;
  }

  public Principal principal() {
    return sql.principal();
  }

  /** What the planner needs to know. */
  public Session sql() {
    return sql;
  }

  /** How this client wants its results. */
  public StreamOptions streamOptions() {
    return new StreamOptions(naiveTimestamps);
  }

  /** Digits of a second that an ingest of nanoseconds keeps. */
  public int timestampPrecision() {
    return timestampPrecision;
  }

  /** Counts prepared statements against a limit. */
  public AtomicInteger preparedStatements() {
    return preparedStatements;
  }

  boolean naiveTimestamps() {
    return naiveTimestamps;
  }

  void setNaiveTimestamps(boolean naive) {
    naiveTimestamps = naive;
  }

  void setTimestampPrecision(int precision) {
    timestampPrecision = precision;
  }

  void requireCatalog(String name) {
    if (catalogs.find(name).isEmpty()) {
      throw new EngineException(
          ErrorCode.UNKNOWN_CATALOG, "no catalog '" + name + "'" + instead(name, catalogs.names()));
    }
  }

  void requireSchema(String name) {
    Catalog catalog =
        catalogs
            .find(sql.catalog())
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.UNKNOWN_CATALOG, "no catalog '" + sql.catalog() + "'"));
    List<String> schemas = catalogs.schemas(principal(), catalog.name());
    if (!schemas.contains(name)) {
      throw new EngineException(
          ErrorCode.UNKNOWN_SCHEMA,
          "no schema '" + name + "' in catalog " + catalog.name() + instead(name, schemas));
    }
  }

  private static String instead(String name, List<String> known) {
    String close = Closest.of(name, known);
    return close == null ? "; there are " + known : "; did you mean " + close + "?";
  }
}
