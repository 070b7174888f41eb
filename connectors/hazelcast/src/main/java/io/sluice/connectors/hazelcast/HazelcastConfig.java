package io.sluice.connectors.hazelcast;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.List;

/**
 * The member's settings, keys {@code online.hazelcast.*}.
 *
 * @param host address that it listens on
 * @param port that it listens on; without members the next free one
 * @param members addresses of the others as {@code host:port}, empty for a member of its own
 * @param backups members that keep each row beside the first, 0 to 6
 * @param cluster members of another name are no members
 */
public record HazelcastConfig(
    String host, int port, List<String> members, int backups, String cluster) {
  private static final int MOST_BACKUPS = 6;

  public HazelcastConfig {
    members = List.copyOf(members);
    if (port < 1 || port > 65_535) {
      throw new EngineException(
          ErrorCode.CONFIGURATION, "online.hazelcast.port must be 1 to 65535, not " + port);
    }
    if (backups < 0 || backups > MOST_BACKUPS) {
      throw new EngineException(
          ErrorCode.CONFIGURATION,
          "online.hazelcast.backups must be 0 to " + MOST_BACKUPS + ", not " + backups);
    }
  }
}
