package io.sluice.server.config;

import io.sluice.connectors.hazelcast.HazelcastConfig;
import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * All settings of a server. {@link ConfigKeys} gives their keys, defaults and meaning.
 *
 * @param host address to listen on
 * @param port 0 picks a free one
 * @param dataDir of the embedded catalog
 * @param allowUnauthenticated whether anyone who reaches a port beyond loopback may use it
 * @param statementThreads that plan statements and carry out updates; they may block
 * @param statementQueue statements that may wait for such a thread before the server says BUSY
 * @param ingestLimit uploads at one time
 * @param preparedStatementTtl after which an unused prepared statement or ticket is dropped
 * @param preparedStatementLimit of one session
 * @param sessionTtl after which an unused session is dropped
 * @param drainTimeout for running statements at a stop
 * @param streamBufferBytes that the server holds for a client that does not read, about
 * @param resultEndpoints parts, at most, of a large unordered result; 1 for undivided ones
 * @param http the HTTP door
 * @param users password records by name
 * @param tokens records of bearer tokens by user; where there are neither, anyone is anonymous
 * @param catalogs properties of further catalogs, by name; secrets by reference
 * @param catalogReferences which references statements may use where there are users
 * @param onlinePollInterval at which online tables look for others' commits
 * @param hazelcast the member of online tables
 */
public record ServerConfig(
    String host,
    int port,
    Path dataDir,
    boolean allowUnauthenticated,
    int statementThreads,
    int statementQueue,
    int ingestLimit,
    Duration preparedStatementTtl,
    int preparedStatementLimit,
    Duration sessionTtl,
    Duration drainTimeout,
    int streamBufferBytes,
    int resultEndpoints,
    HttpConfig http,
    Map<String, String> users,
    Map<String, String> tokens,
    Map<String, Map<String, String>> catalogs,
    Set<String> catalogReferences,
    Duration onlinePollInterval,
    HazelcastConfig hazelcast,
    EngineConfig engine) {

  public ServerConfig {
    users = Map.copyOf(users);
    tokens = Map.copyOf(tokens);
    catalogs = Map.copyOf(catalogs);
    catalogReferences = Set.copyOf(catalogReferences);
    require(port >= 0 && port <= 65_535, "server.port must be 0 to 65535, not " + port);
    require(statementThreads >= 1, "server.statement-threads must be at least 1");
    require(statementQueue >= 1, "server.statement-queue must be at least 1");
    require(ingestLimit >= 1, "server.ingest-limit must be at least 1");
    require(preparedStatementLimit >= 1, "server.prepared-statement-limit must be at least 1");
    require(onlinePollInterval.toMillis() >= 10, "online.poll-interval must be at least 10ms");
    require(resultEndpoints >= 1, "server.result-endpoints must be at least 1");
    require(streamBufferBytes >= 1 << 16, "server.stream-buffer must be at least 64KB");
  }

  /** Every setting at its default. */
  public static ServerConfig defaults() {
    return ConfigReader.read(Map.of());
  }

  /**
   * Refuses a server that would let anyone in from outside.
   *
   * @throws EngineException CONFIGURATION, with what to do about it
   */
  public void requireSafeBinding() {
    requireSafe(host, "");
    if (http.enabled()) {
      requireSafe(http.host(), " for HTTP");
    }
  }

  private void requireSafe(String address, String door) {
    if (!hasUsers() && !allowUnauthenticated && !isLoopback(address)) {
      throw new EngineException(
          ErrorCode.CONFIGURATION,
          "refusing to listen on "
              + address
              + door
              + " without authentication: anyone who reaches the port could read and change all"
              + " data. Configure users (auth.users.NAME=...), listen on 127.0.0.1, or set"
              + " server.allow-unauthenticated=true if the network is yours alone");
    }
  }

  /** Whether callers have to say who they are. */
  public boolean hasUsers() {
    return !users.isEmpty() || !tokens.isEmpty();
  }

  /** Whether only this machine can connect. */
  public boolean isLoopback() {
    return isLoopback(host);
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new EngineException(
          ErrorCode.CONFIGURATION, "server.host: no address found for '" + address + "'", e);
    }
  }

  /** The same with another address, port and data folder. */
  public ServerConfig at(String newHost, int newPort, Path newDataDir) {
    return new ServerConfig(
        newHost,
        newPort,
        newDataDir,
        allowUnauthenticated,
        statementThreads,
        statementQueue,
        ingestLimit,
        preparedStatementTtl,
        preparedStatementLimit,
        sessionTtl,
        drainTimeout,
        streamBufferBytes,
        resultEndpoints,
        http,
        users,
        tokens,
        catalogs,
        catalogReferences,
        onlinePollInterval,
        hazelcast,
        engine);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new EngineException(ErrorCode.CONFIGURATION, message);
    }
  }
}
