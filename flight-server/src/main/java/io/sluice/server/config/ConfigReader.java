package io.sluice.server.config;

import io.sluice.connectors.hazelcast.HazelcastConfig;
import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns keys and texts into a {@link ServerConfig}; a key that nobody knows is an error. */
public final class ConfigReader {
  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");

  private final Map<String, String> texts = new HashMap<>();

  private ConfigReader(Map<String, String> given) {
    ConfigKeys.ALL.forEach(key -> texts.put(key.name(), key.defaultText()));
    given.forEach(
        (name, text) -> {
          if (!texts.containsKey(name)) {
            throw unknown(name);
          }
          texts.put(name, text.strip());
        });
  }

  /**
   * Reads a Java properties file.
   *
   * @throws EngineException CONFIGURATION: no such file, an unknown key, or a value out of bounds
   */
  public static ServerConfig read(Path file) {
    return read(properties(file));
  }

  /** The keys and values of a Java properties file. */
  public static Map<String, String> properties(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException(
          ErrorCode.CONFIGURATION, "cannot read configuration " + file + ": " + e.getMessage(), e);
    }
    Map<String, String> given = new TreeMap<>();
    properties.stringPropertyNames().forEach(n -> given.put(n, properties.getProperty(n)));
    return given;
  }

  /** What is not given has its default. */
  public static ServerConfig read(Map<String, String> given) {
    Map<String, String> users = new TreeMap<>();
    Map<String, String> tokens = new TreeMap<>();
    Map<String, Map<String, String>> catalogs = new TreeMap<>();
    Map<String, String> rest = new TreeMap<>();
    given.forEach(
        (name, text) -> {
          if (isNamed(name, ConfigKeys.USER_PREFIX)) {
            users.put(name.substring(ConfigKeys.USER_PREFIX.length()), text.strip());
          } else if (isNamed(name, ConfigKeys.TOKEN_PREFIX)) {
            tokens.put(name.substring(ConfigKeys.TOKEN_PREFIX.length()), text.strip());
          } else if (isNamed(name, ConfigKeys.CATALOG_PREFIX)) {
            catalogProperty(name, text.strip(), catalogs);
          } else {
            rest.put(name, text);
          }
        });
    ConfigReader reader = new ConfigReader(rest);
    return new ServerConfig(
        reader.texts("server.host"),
        reader.whole("server.port"),
        Path.of(reader.texts("server.data-dir")),
        reader.flag("server.allow-unauthenticated"),
        reader.whole("server.statement-threads"),
        reader.whole("server.statement-queue"),
        reader.whole("server.ingest-limit"),
        reader.duration("server.prepared-statement-ttl"),
        reader.whole("server.prepared-statement-limit"),
        reader.duration("server.session-ttl"),
        reader.duration("server.drain-timeout"),
        Math.toIntExact(Math.min(1L << 30, reader.size("server.stream-buffer"))),
        reader.whole("server.result-endpoints"),
        reader.http(),
        users,
        tokens,
        catalogs,
        Set.copyOf(reader.list("server.catalog-references")),
        reader.duration("online.poll-interval"),
        new HazelcastConfig(
            reader.texts("online.hazelcast.host"),
            reader.whole("online.hazelcast.port"),
            reader.list("online.hazelcast.members"),
            reader.whole("online.hazelcast.backups"),
            reader.texts("online.hazelcast.cluster")),
        new EngineConfig(
            reader.whole("engine.workers"),
            reader.whole("engine.batch-rows"),
            reader.size("engine.memory.limit"),
            reader.size("engine.memory.query-limit"),
            reader.flag("engine.vector-api")));
  }

  private static boolean isNamed(String key, String prefix) {
    return key.startsWith(prefix) && key.length() > prefix.length();
  }

  /** Adds {@code catalogs.NAME.PROPERTY}. */
  private static void catalogProperty(
      String key, String value, Map<String, Map<String, String>> catalogs) {
    String name = key.substring(ConfigKeys.CATALOG_PREFIX.length());
    int dot = name.indexOf('.');
    if (dot <= 0 || dot == name.length() - 1) {
      throw new EngineException(
          ErrorCode.CONFIGURATION,
          "key " + key + " is not of the form catalogs.NAME.PROPERTY, as in catalogs.shop.uri");
    }
    catalogs
        .computeIfAbsent(name.substring(0, dot), each -> new TreeMap<>())
        .put(name.substring(dot + 1), value);
  }

  private HttpConfig http() {
    String host = texts("server.http.host");
    int flightPort = whole("server.port");
    int next = flightPort <= 0 || flightPort >= 65_535 ? 0 : flightPort + 1;
    return new HttpConfig(
        flag("server.http.enabled"),
        host.isEmpty() ? texts("server.host") : host,
        texts("server.http.port").isEmpty() ? next : whole("server.http.port"),
        Math.toIntExact(Math.min(1L << 30, size("server.http.body-limit"))),
        whole("server.http.entity-limit"));
  }

  private String texts(String name) {
    return Objects.requireNonNull(texts.get(name), name);
  }

  private List<String> list(String name) {
    return Arrays.stream(texts(name).split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  private int whole(String name) {
    return parse(name, "a whole number", Integer::parseInt);
  }

  private long size(String name) {
    return parse(name, "a size such as 512MB or 4GB", ByteSize::parse);
  }

  private boolean flag(String name) {
    return parse(
        name,
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException(text);
            });
  }

  private Duration duration(String name) {
    return parse(
        name,
        "a time such as 500ms, 30s, 5m, 1h or 2d",
        text -> {
          Matcher matcher = DURATION.matcher(text);
          if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
          }
          long amount = Long.parseLong(matcher.group(1));
          return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
        });
  }

  private <T> T parse(String name, String form, Function<String, T> parser) {
    String text = texts(name);
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          ErrorCode.CONFIGURATION, name + " must be " + form + ", not '" + text + "'", e);
    }
  }

  private static EngineException unknown(String name) {
    List<String> names = ConfigKeys.ALL.stream().map(ConfigKeys.Key::name).toList();
    String message = "unknown configuration key '" + name + "'";
    String close = Closest.of(name, names);
    return new EngineException(
        ErrorCode.CONFIGURATION,
        close == null ? message + "; known keys: " + names : message + "; did you mean " + close);
  }
}
