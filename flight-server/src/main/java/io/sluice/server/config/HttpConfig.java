package io.sluice.server.config;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;

/**
 * Settings of the HTTP door.
 *
 * @param enabled whether there is one
 * @param host address to listen on
 * @param port 0 picks a free one
 * @param bodyLimitBytes of a request
 * @param entityLimit of a request
 */
public record HttpConfig(
    boolean enabled, String host, int port, int bodyLimitBytes, int entityLimit) {
  public HttpConfig {
    require(port >= 0 && port <= 65_535, "server.http.port must be 0 to 65535, not " + port);
    require(bodyLimitBytes >= 1 << 10, "server.http.body-limit must be at least 1KB");
    require(entityLimit >= 1, "server.http.entity-limit must be at least 1");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new EngineException(ErrorCode.CONFIGURATION, message);
    }
  }
}
