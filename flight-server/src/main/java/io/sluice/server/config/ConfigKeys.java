package io.sluice.server.config;

import java.lang.management.ManagementFactory;
import java.util.List;

/** The one list of settings: key, default and meaning. */
public final class ConfigKeys {
  /** Followed by a user's name. */
  public static final String USER_PREFIX = "auth.users.";

  /** Followed by a user's name. */
  public static final String TOKEN_PREFIX = "auth.tokens.";

  /** Followed by a catalog's name, a dot and one of its properties. */
  public static final String CATALOG_PREFIX = "catalogs.";

  /** The server's keys, in the order of the documentation. */
  public static final List<Key> ALL =
      List.of(
          new Key("server.host", "127.0.0.1", "address to listen on"),
          new Key("server.port", "31337", "port to listen on; 0 picks a free one"),
          new Key("server.data-dir", "sluice-data", "folder of the embedded catalog and its data"),
          new Key(
              "server.allow-unauthenticated",
              "false",
              "whether to serve beyond this machine without users"),
          new Key(
              "server.catalog-references",
              "",
              "references to secrets that CREATE CATALOG may use where there are users, such as"
                  + " env:NAME, file:/path"),
          new Key(
              "server.statement-threads",
              Integer.toString(Math.max(8, 2 * processors())),
              "threads that plan statements and carry out updates"),
          new Key(
              "server.statement-queue",
              "256",
              "statements that may wait for a thread before the server answers BUSY"),
          new Key("server.ingest-limit", "32", "uploads at one time"),
          new Key(
              "server.prepared-statement-ttl",
              "1h",
              "after which an unused prepared statement or ticket is dropped"),
          new Key("server.prepared-statement-limit", "1000", "prepared statements of one session"),
          new Key("server.session-ttl", "24h", "after which an unused session is dropped"),
          new Key("server.drain-timeout", "30s", "how long a stop waits for running statements"),
          new Key(
              "server.stream-buffer",
              "4MB",
              "sent bytes that the server holds for a client that does not read"),
          new Key(
              "server.result-endpoints",
              Integer.toString(processors()),
              "parts at most of a large unordered result, to be read side by side"),
          new Key("server.http.enabled", "true", "whether to serve HTTP"),
          new Key("server.http.host", "", "address of HTTP; without one that of server.host"),
          new Key(
              "server.http.port",
              "",
              "port of HTTP; 0 picks a free one, without one it is the port after server.port"),
          new Key("server.http.body-limit", "4MB", "bytes of a request's body at most"),
          new Key("server.http.entity-limit", "10000", "entities of a request at most"),
          new Key(
              "online.poll-interval",
              "1s",
              "how often online tables look for commits that were not made by this server"),
          new Key("online.hazelcast.host", "127.0.0.1", "address that the member listens on"),
          new Key(
              "online.hazelcast.port",
              "5701",
              "port of the member; without members the next free one from there"),
          new Key(
              "online.hazelcast.members",
              "",
              "addresses of all members, as host:port, separated by commas; empty for this server"
                  + " alone"),
          new Key(
              "online.hazelcast.backups",
              "1",
              "members that keep each row of online tables beside the first one, 0 to 6"),
          new Key("online.hazelcast.cluster", "sluice", "name that members have in common"),
          new Key(
              "engine.workers",
              Integer.toString(processors()),
              "threads that execute all queries together"),
          new Key("engine.batch-rows", "8192", "rows per batch, 1 to 65536"),
          new Key(
              "engine.memory.limit",
              ByteSize.format(memory(60)),
              "memory of all queries together; default 60% of the machine's"),
          new Key(
              "engine.memory.query-limit",
              ByteSize.format(memory(40)),
              "memory of one query; default 40% of the machine's"),
          new Key(
              "engine.vector-api",
              "true",
              "whether hot loops use SIMD instructions; results are the same"));

  private ConfigKeys() {}

  /**
   * One setting.
   *
   * @param defaultText as one would write it
   */
  public record Key(String name, String defaultText, String meaning) {}

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static long memory(int percent) {
    long total =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 4L << 30;
    // Whole megabytes read better.
    return Math.max(64L << 20, (total / 100 * percent) >> 20 << 20);
  }
}
