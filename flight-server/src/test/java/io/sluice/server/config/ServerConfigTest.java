package io.sluice.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.hazelcast.HazelcastConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
  @Test
  void defaults() {
    ServerConfig config = ServerConfig.defaults();
    assertEquals("127.0.0.1", config.host());
    assertEquals(31337, config.port());
    assertEquals(Path.of("sluice-data"), config.dataDir());
    assertFalse(config.allowUnauthenticated());
    assertEquals(
        Math.max(8, 2 * Runtime.getRuntime().availableProcessors()), config.statementThreads());
    assertEquals(256, config.statementQueue());
    assertEquals(32, config.ingestLimit());
    assertEquals(Duration.ofHours(1), config.preparedStatementTtl());
    assertEquals(1000, config.preparedStatementLimit());
    assertEquals(Duration.ofHours(24), config.sessionTtl());
    assertEquals(Duration.ofSeconds(30), config.drainTimeout());
    assertEquals(4 << 20, config.streamBufferBytes());
    assertEquals(Map.of(), config.users());
    assertEquals(Duration.ofSeconds(1), config.onlinePollInterval());
    assertEquals(
        new HazelcastConfig("127.0.0.1", 5701, List.of(), 1, "sluice"), config.hazelcast());
    assertEquals(Runtime.getRuntime().availableProcessors(), config.engine().workers());
    assertEquals(8192, config.engine().batchRows());
    assertTrue(config.engine().queryMemoryLimitBytes() <= config.engine().memoryLimitBytes());
    assertTrue(config.engine().vectorApi());
  }

  @Test
  void everyKeyIsMapped(@TempDir Path folder) throws IOException {
    String text =
        """
        server.host = localhost
        server.port = 7
        server.data-dir = /data
        server.allow-unauthenticated = true
        server.statement-threads = 3
        server.statement-queue = 4
        server.ingest-limit = 5
        server.prepared-statement-ttl = 6m
        server.prepared-statement-limit = 8
        server.session-ttl = 2d
        server.drain-timeout = 500ms
        server.stream-buffer = 1MB
        server.result-endpoints = 3
        server.http.enabled = false
        server.http.host = ::1
        server.http.port = 8080
        server.http.body-limit = 1KB
        server.http.entity-limit = 12
        server.catalog-references = env:A, file:/b
        auth.users.ada = pbkdf2:1:c2FsdA:aGFzaA
        auth.tokens.bob = sha256:00
        catalogs.shop.uri = https://shop
        catalogs.shop.s3.endpoint = https://store
        online.poll-interval = 250ms
        online.hazelcast.host = ::1
        online.hazelcast.port = 5801
        online.hazelcast.members = a:1, b:2
        online.hazelcast.backups = 2
        online.hazelcast.cluster = c
        engine.workers = 9
        engine.batch-rows = 10
        engine.memory.limit = 4GB
        engine.memory.query-limit = 1.5GB
        engine.vector-api = false
        """;
    Path file = folder.resolve("sluice.properties");
    Files.writeString(file, text);
    ServerConfig config = ConfigReader.read(file);
    assertEquals("localhost", config.host());
    assertEquals(Duration.ofMillis(250), config.onlinePollInterval());
    assertEquals(
        new HazelcastConfig("::1", 5801, List.of("a:1", "b:2"), 2, "c"), config.hazelcast());
    assertEquals(7, config.port());
    assertEquals(Path.of("/data"), config.dataDir());
    assertTrue(config.allowUnauthenticated());
    assertEquals(3, config.statementThreads());
    assertEquals(4, config.statementQueue());
    assertEquals(5, config.ingestLimit());
    assertEquals(Duration.ofMinutes(6), config.preparedStatementTtl());
    assertEquals(8, config.preparedStatementLimit());
    assertEquals(Duration.ofDays(2), config.sessionTtl());
    assertEquals(Duration.ofMillis(500), config.drainTimeout());
    assertEquals(1 << 20, config.streamBufferBytes());
    assertEquals(3, config.resultEndpoints());
    assertEquals(new HttpConfig(false, "::1", 8080, 1024, 12), config.http());
    assertEquals(Map.of("ada", "pbkdf2:1:c2FsdA:aGFzaA"), config.users());
    assertEquals(Map.of("bob", "sha256:00"), config.tokens());
    assertEquals(
        Map.of("shop", Map.of("uri", "https://shop", "s3.endpoint", "https://store")),
        config.catalogs());
    assertEquals(Set.of("env:A", "file:/b"), config.catalogReferences());
    assertEquals(9, config.engine().workers());
    assertEquals(10, config.engine().batchRows());
    assertEquals(4L << 30, config.engine().memoryLimitBytes());
    assertEquals(3L << 29, config.engine().queryMemoryLimitBytes());
    assertFalse(config.engine().vectorApi());
    Set<String> tested = new HashSet<>(ConfigReader.properties(file).keySet());
    tested.removeIf(key -> key.startsWith("auth.") || key.startsWith("catalogs."));
    Set<String> known = new HashSet<>();
    ConfigKeys.ALL.forEach(key -> known.add(key.name()));
    assertEquals(known, tested, "keys that this test does not map");
  }

  @Test
  void unknownKeysAndBadValuesAreErrorsThatTeach() {
    assertEquals(
        "unknown configuration key 'server.prot'; did you mean server.port",
        message(Map.of("server.prot", "1")));
    assertEquals(
        "engine.memory.limit must be a size such as 512MB or 4GB, not 'much'",
        message(Map.of("engine.memory.limit", "much")));
    assertEquals(
        "server.port must be 0 to 65535, not 70000", message(Map.of("server.port", "70000")));
    assertEquals(
        "server.port must be a whole number, not '1.5'", message(Map.of("server.port", "1.5")));
    assertEquals(
        "engine.vector-api must be true or false, not 'yes'",
        message(Map.of("engine.vector-api", "yes")));
    assertEquals(
        "engine.batch-rows must be 1 to 65536, not 0", message(Map.of("engine.batch-rows", "0")));
    assertEquals(
        "key catalogs.shop is not of the form catalogs.NAME.PROPERTY, as in catalogs.shop.uri",
        message(Map.of("catalogs.shop", "x")));
  }

  private static String message(Map<String, String> given) {
    EngineException e = assertThrows(EngineException.class, () -> ConfigReader.read(given));
    assertEquals(ErrorCode.CONFIGURATION, e.code());
    return String.valueOf(e.getMessage());
  }

  @Test
  void strangersAreNotLetInByAccident() {
    ServerConfig open = ConfigReader.read(Map.of("server.host", "0.0.0.0"));
    EngineException e = assertThrows(EngineException.class, open::requireSafeBinding);
    assertTrue(String.valueOf(e.getMessage()).contains("auth.users"), e.getMessage());
    ConfigReader.read(Map.of("server.host", "0.0.0.0", "server.allow-unauthenticated", "true"))
        .requireSafeBinding();
    ConfigReader.read(Map.of("server.host", "0.0.0.0", "auth.users.ada", "pbkdf2:1:a:b"))
        .requireSafeBinding();
    ServerConfig.defaults().requireSafeBinding();
  }

  @Test
  void sizes() {
    assertEquals(1, ByteSize.parse("1"));
    assertEquals(3L << 29, ByteSize.parse("1.5 gb"));
    assertEquals(1L << 40, ByteSize.parse("1TiB"));
    assertEquals("1536MB", ByteSize.format(3L << 29));
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse("-1GB"));
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse("GB"));
  }
}
