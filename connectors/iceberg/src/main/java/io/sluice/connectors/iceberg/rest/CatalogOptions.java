package io.sluice.connectors.iceberg.rest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog was made with, checked. Secrets are references still.
 *
 * @param properties for Iceberg, under its own names
 */
record CatalogOptions(
    URI uri, UserMode userMode, Delegation delegation, Map<String, String> properties) {
  /** Whether the catalog is asked to vend credentials. */
  enum Delegation {
    VENDED,
    /** Files are read with the catalog's own keys, or with those of this process. */
    NONE
  }

  private static final String TYPE = "type";
  private static final String URI_PROPERTY = "uri";
  private static final String USER_MODE = "user-mode";
  private static final String DELEGATION = "access-delegation";
  private static final String CREDENTIAL = "credential";
  static final String TOKEN = "token";
  private static final String PAGE_SIZE = "rest-page-size";
  private static final String AUTH_TYPE = "rest.auth.type";
  private static final String HEADER = "header.";
  private static final String DELEGATION_HEADER = HEADER + "X-Iceberg-Access-Delegation";

  private static final Set<String> KNOWN =
      Set.of(
          TYPE,
          URI_PROPERTY,
          USER_MODE,
          DELEGATION,
          "warehouse",
          "prefix",
          CREDENTIAL,
          TOKEN,
          "scope",
          "audience",
          "resource",
          "oauth2-server-uri",
          "token-expires-in-ms",
          "token-refresh-enabled",
          "token-exchange-enabled",
          AUTH_TYPE,
          "rest.auth.basic.username",
          "rest.auth.basic.password",
          "rest.client.max-retries",
          "rest.client.connection-timeout-ms",
          "rest.client.socket-timeout-ms",
          PAGE_SIZE,
          "namespace-separator",
          "view-endpoints-supported",
          "snapshot-loading-mode",
          "client.region",
          "client.refresh-credentials-enabled");

  private static final List<String> KNOWN_PREFIXES = List.of(HEADER, "s3.");
  private static final Set<String> AUTH_TYPES = Set.of("none", "basic", "oauth2");

  /** Parts of names of headers and of S3 properties whose values are secrets. */
  private static final List<String> SECRET_WORDS =
      List.of("authorization", "secret", "password", "token", "cookie", "credential", "key");

  /** What the catalog waits for, where nothing else is said. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          PAGE_SIZE,
          "1000",
          "rest.client.max-retries",
          "3",
          "rest.client.connection-timeout-ms",
          "10000",
          "rest.client.socket-timeout-ms",
          "60000",
          "rest-metrics-reporting-enabled",
          "false",
          "rest-table-cache.max-entries",
          "0",
          "scan-planning-mode",
          "client");

  CatalogOptions {
    properties = Map.copyOf(properties);
  }

  /**
   * Checks properties as they are written.
   *
   * @param policy for references
   * @throws EngineException INVALID_ARGUMENT, PERMISSION_DENIED; the message has no value that may
   *     be a secret
   */
  static CatalogOptions of(Map<String, String> written, References.Policy policy) {
    Map<String, String> given = new TreeMap<>(written);
    String type = given.getOrDefault(TYPE, "");
    if (!type.equalsIgnoreCase("rest")) {
      throw invalid(
          type.isEmpty()
              ? "property type is missing; it is 'rest', for Iceberg REST catalogs"
              : "there is no type '"
                  + type
                  + "' of catalog; it is 'rest', for Iceberg REST catalogs");
    }
    given.forEach((name, value) -> check(name, value, policy));
    UserMode mode = userMode(given);
    Delegation delegation = delegation(given, policy);
    Map<String, String> properties = new HashMap<>(DEFAULTS);
    properties.putAll(given);
    properties.keySet().removeAll(Set.of(TYPE, USER_MODE, DELEGATION));
    if (delegation == Delegation.VENDED) {
      properties.putIfAbsent(DELEGATION_HEADER, "vended-credentials");
    }
    CatalogOptions options =
        new CatalogOptions(uri(given.get(URI_PROPERTY)), mode, delegation, properties);
    options.checkUsers();
    return options;
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorCode.INVALID_ARGUMENT, message);
  }

  private static void check(String name, String value, References.Policy policy) {
    boolean known =
        KNOWN.contains(name) || KNOWN_PREFIXES.stream().anyMatch(each -> name.startsWith(each));
    // what names a class or turns on what is not here
    boolean refused =
        name.endsWith("-impl")
            || name.startsWith("s3.remote-signing")
            || name.startsWith("s3.signer")
            || name.startsWith("s3.crt")
            || name.startsWith("s3.analytics")
            || name.startsWith("s3.access-grants");
    if (!known || refused) {
      throw invalid(
          "property "
              + name
              + " is not one that a REST catalog can have here; there are "
              + String.join(", ", new java.util.TreeSet<>(KNOWN))
              + ", header.* and s3.*");
    }
    if (isSecret(name) && !References.in(value)) {
      throw invalid(
          "property "
              + name
              + " is a secret and is given by reference: '${env:NAME}' for an environment variable"
              + " of the server, or '${file:/path}' for a file; what was written is not kept");
    }
    if (value.startsWith("env:")) {
      throw invalid("property " + name + " begins with env:; a reference is written '${env:NAME}'");
    }
    if (name.equals(AUTH_TYPE) && !AUTH_TYPES.contains(value)) {
      throw invalid("property " + AUTH_TYPE + " is one of none, basic and oauth2");
    }
    References.check(name, value, policy);
  }

  /** Whether a property's value is never to be seen. */
  static boolean isSecret(String name) {
    if (name.equals(CREDENTIAL) || name.equals(TOKEN) || name.equals("rest.auth.basic.password")) {
      return true;
    }
    if (name.equals("s3.access-key-id") || name.equalsIgnoreCase(DELEGATION_HEADER)) {
      return false;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return (lower.startsWith(HEADER) || lower.startsWith("s3."))
        && SECRET_WORDS.stream().anyMatch(lower::contains);
  }

  private static UserMode userMode(Map<String, String> given) {
    String text = given.getOrDefault(USER_MODE, UserMode.SHARED.text());
    return UserMode.of(text)
        .orElseThrow(
            () ->
                invalid(
                    "property "
                        + USER_MODE
                        + " is one of shared, per-user and passthrough, not '"
                        + text
                        + "'"));
  }

  private static Delegation delegation(Map<String, String> given, References.Policy policy) {
    String text = given.getOrDefault(DELEGATION, "vended-credentials");
    return switch (text) {
      case "vended-credentials" -> Delegation.VENDED;
      case "none" -> {
        if (policy instanceof References.Policy.Listed) {
          throw new EngineException(
              ErrorCode.PERMISSION_DENIED,
              "property "
                  + DELEGATION
                  + " = 'none' uses the server's own rights on S3, which only the operator may give"
                  + " away: by configuration");
        }
        yield Delegation.NONE;
      }
      default ->
          throw invalid(
              "property " + DELEGATION + " is vended-credentials or none, not '" + text + "'");
    };
  }

  private static URI uri(@Nullable String text) {
    if (text == null) {
      throw invalid("property uri is missing: the address of the catalog, https://...");
    }
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw invalid("property uri is not an address such as https://catalog.example.com");
    }
    String scheme = uri.getScheme();
    if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw invalid("property uri is not an address such as https://catalog.example.com");
    }
    if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
      throw invalid(
          "property uri holds more than an address: give secrets by the property credential or"
              + " token, as references");
    }
    return uri;
  }

  private void checkUsers() {
    boolean own =
        properties.containsKey(CREDENTIAL)
            || properties.containsKey(TOKEN)
            || properties.containsKey("rest.auth.basic.password");
    boolean named = properties.values().stream().anyMatch(References::namesUser);
    if (userMode == UserMode.PASSTHROUGH && own) {
      throw invalid(
          "with user-mode = 'passthrough' each user's bearer token is shown to the catalog; leave"
              + " out credential and token");
    }
    if (userMode == UserMode.PER_USER && !named) {
      throw invalid(
          "with user-mode = 'per-user' a reference has the user's name in it, as in credential ="
              + " '${file:/etc/sluice/lake/{user}}'");
    }
    if (userMode != UserMode.PER_USER && named) {
      throw invalid("{user} stands for the user's name with user-mode = 'per-user' only");
    }
  }

  /**
   * The properties with what they refer to.
   *
   * @param user for {@code {user}}, or null
   */
  Map<String, String> resolved(@Nullable String user) {
    Map<String, String> resolved = new HashMap<>();
    properties.forEach((name, value) -> resolved.put(name, References.resolved(name, value, user)));
    return resolved;
  }

  /** What was looked up for secret properties, to be kept from every message. */
  static Set<String> secrets(Map<String, String> resolved) {
    Set<String> secrets = new HashSet<>();
    resolved.forEach(
        (name, value) -> {
          if (isSecret(name) && !value.isEmpty()) {
            secrets.add(value);
            int colon = name.equals(CREDENTIAL) ? value.indexOf(':') : -1;
            if (colon >= 0 && colon + 1 < value.length()) {
              secrets.add(value.substring(colon + 1));
            }
          }
        });
    return secrets;
  }

  /** The names alone. */
  @Override
  public String toString() {
    return uri + " " + userMode.text() + " " + new TreeMap<>(properties).keySet();
  }
}
