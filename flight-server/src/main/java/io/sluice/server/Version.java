package io.sluice.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What this build is. */
public final class Version {
  private static final Properties PROPERTIES = load();

  /** Sluice's version, as in {@code 0.1.0}. */
  public static final String NUMBER =
      PROPERTIES.getProperty("version", "0.1.0").replace("-SNAPSHOT", "");

  /** The version of Arrow that it speaks. */
  public static final String ARROW = PROPERTIES.getProperty("arrow.version", "18.3.0");

  private Version() {}

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in =
        Version.class.getResourceAsStream("/io/sluice/server/version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
    return properties;
  }
}
