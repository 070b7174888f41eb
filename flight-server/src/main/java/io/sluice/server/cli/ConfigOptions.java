package io.sluice.server.cli;

import io.sluice.server.config.ConfigReader;
import io.sluice.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that several commands share: configuration from a file, and single keys over it. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration, a Java properties file.")
  private @Nullable Path file;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "Folder of the embedded catalog and its data (default: sluice-data).")
  private @Nullable Path dataDir;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one configuration key, as in --set engine.memory.query-limit=2GB.")
  private Map<String, String> keys = new LinkedHashMap<>();

  /** The settings; {@code more} wins over --set, which wins over the file. */
  ServerConfig read(Map<String, String> more) {
    Map<String, String> given = new LinkedHashMap<>();
    if (file != null) {
      given.putAll(ConfigReader.properties(file));
    }
    given.putAll(keys);
    if (dataDir != null) {
      given.put("server.data-dir", dataDir.toString());
    }
    given.putAll(more);
    return ConfigReader.read(given);
  }
}
