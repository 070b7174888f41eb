package io.sluice.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which engine this is. */
public final class EngineVersion {
  /** As in {@code 0.1.0}. */
  public static final String NUMBER = load();

  private EngineVersion() {}

  private static String load() {
    Properties properties = new Properties();
    try (InputStream in =
        EngineVersion.class.getResourceAsStream("/io/sluice/engine/version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
    return properties.getProperty("version", "unknown").replace("-SNAPSHOT", "");
  }
}
