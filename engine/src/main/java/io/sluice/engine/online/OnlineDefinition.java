package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a statement has said of an online table. The lake table that it mirrors keeps this as text,
 * so that it is there after a restart, is the same for every server, and goes with the table.
 *
 * @param key columns; empty for the lake table's primary key
 * @param eventTime column; null for the one that the lake table declares
 * @param columns that can be looked up beside the key; empty for all
 * @param ttlMicros after its event time a row no longer counts; null for never
 */
public record OnlineDefinition(
    List<String> key, @Nullable String eventTime, List<String> columns, @Nullable Long ttlMicros) {
  private static final String VERSION = "1";

  public OnlineDefinition {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
  }

  /** The definition as text that {@link #parse} reads. */
  public String text() {
    return String.join(
        ";",
        VERSION,
        names(key),
        eventTime == null ? "" : name(eventTime),
        names(columns),
        ttlMicros == null ? "" : ttlMicros.toString());
  }

  /**
   * The definition of a text.
   *
   * @throws EngineException CATALOG_ERROR where it is none
   */
  public static OnlineDefinition parse(String text) {
    String[] parts = text.split(";", -1);
    if (parts.length != 5 || !parts[0].equals(VERSION)) {
      throw new EngineException(
          ErrorCode.CATALOG_ERROR,
          "'"
              + text
              + "' defines no online table that this version knows; create it again with CREATE OR"
              + " REPLACE ONLINE TABLE");
    }
    return new OnlineDefinition(
        split(parts[1]),
        parts[2].isEmpty() ? null : decoded(parts[2]),
        split(parts[3]),
        parts[4].isEmpty() ? null : Long.valueOf(parts[4]));
  }

  private static String names(List<String> names) {
    return names.stream().map(OnlineDefinition::name).collect(Collectors.joining(","));
  }

  private static String name(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static List<String> split(String names) {
    return names.isEmpty()
        ? List.of()
        : Arrays.stream(names.split(",", -1)).map(OnlineDefinition::decoded).toList();
  }

  private static String decoded(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8);
  }
}
