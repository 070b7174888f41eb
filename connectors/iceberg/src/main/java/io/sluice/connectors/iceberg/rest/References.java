package io.sluice.connectors.iceberg.rest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * References to secrets within properties: {@code ${env:NAME}} and {@code ${file:PATH}}. They are
 * kept as they are written and looked up when a connection is made.
 */
public final class References {
  /** Stands for the user's name in a reference. */
  static final String USER = "{user}";

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(env|file):((?:[^{}]|\\{user\\})+)\\}");
  private static final Pattern USER_NAME = Pattern.compile("[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*");
  private static final int MAX_FILE_BYTES = 64 << 10;

  private References() {}

  /** Which references may be used. */
  public sealed interface Policy {
    /** Any: for the operator, and for whoever can use this machine alone. */
    record Any() implements Policy {}

    /**
     * Those that the operator has listed.
     *
     * @param references as {@code env:NAME} or {@code file:PATH}
     */
    record Listed(Set<String> references) implements Policy {
      public Listed {
        references = Set.copyOf(references);
      }
    }
  }

  static boolean in(String value) {
    return REFERENCE.matcher(value).find();
  }

  static boolean namesUser(String value) {
    return REFERENCE.matcher(value).results().anyMatch(each -> each.group(2).contains(USER));
  }

  /** The references of a value, as {@code env:NAME}. */
  private static List<String> all(String value) {
    List<String> all = new ArrayList<>();
    Matcher matcher = REFERENCE.matcher(value);
    while (matcher.find()) {
      all.add(matcher.group(1) + ":" + matcher.group(2));
    }
    return all;
  }

  /**
   * Refuses references that the operator has not listed.
   *
   * @throws EngineException PERMISSION_DENIED
   */
  static void check(String property, String value, Policy policy) {
    if (policy instanceof Policy.Listed listed) {
      for (String reference : all(value)) {
        if (!listed.references().contains(reference)) {
          throw new EngineException(
              ErrorCode.PERMISSION_DENIED,
              "property "
                  + property
                  + " refers to "
                  + reference
                  + ", which is not among the references that SQL may use here; the operator lists"
                  + " them in server.catalog-references, or makes the catalog by configuration");
        }
      }
    }
  }

  /**
   * The value with what it refers to.
   *
   * @param user whose name stands for {@code {user}}, or null
   * @throws EngineException CONFIGURATION where something is not there
   */
  static String resolved(String property, String value, @Nullable String user) {
    Matcher matcher = REFERENCE.matcher(value);
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String place = named(property, matcher.group(2), user);
      String secret =
          matcher.group(1).equals("env") ? environment(property, place) : file(property, place);
      matcher.appendReplacement(text, Matcher.quoteReplacement(secret));
    }
    matcher.appendTail(text);
    return text.toString();
  }

  private static String named(String property, String place, @Nullable String user) {
    if (!place.contains(USER)) {
      return place;
    }
    if (user == null || !USER_NAME.matcher(user).matches()) {
      throw new EngineException(
          ErrorCode.PERMISSION_DENIED,
          "property "
              + property
              + " refers to each user's own credential, which "
              + (user == null
                  ? "nobody has who comes without a name: log in"
                  : "cannot be looked up for the name " + user));
    }
    return place.replace(USER, user);
  }

  private static String environment(String property, String name) {
    String value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new EngineException(
          ErrorCode.CONFIGURATION,
          "property "
              + property
              + " refers to the environment variable "
              + name
              + ", which is not set where the server runs");
    }
    return value;
  }

  private static String file(String property, String name) {
    String what = "property " + property + " refers to the file " + name + ", which ";
    try {
      Path path = Path.of(name);
      if (!Files.isRegularFile(path)) {
        throw new EngineException(ErrorCode.CONFIGURATION, what + "is not there");
      }
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new EngineException(
            ErrorCode.CONFIGURATION, what + "has more than " + MAX_FILE_BYTES + " bytes");
      }
      return Files.readString(path, StandardCharsets.UTF_8).strip();
    } catch (IOException | InvalidPathException e) {
      throw new EngineException(ErrorCode.CONFIGURATION, what + "cannot be read", e);
    }
  }
}
