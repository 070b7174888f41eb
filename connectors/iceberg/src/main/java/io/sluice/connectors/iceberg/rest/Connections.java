package io.sluice.connectors.iceberg.rest;

import io.sluice.connectors.iceberg.IcebergCatalog;
import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.BearerToken;
import io.sluice.engine.connector.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one catalog: one for all users, or one for each. Those that nobody uses are
 * closed after a while. Safe for use by several threads.
 */
final class Connections implements AutoCloseable {
  private static final long IDLE_NANOS = Duration.ofHours(2).toNanos();

  private final String name;
  private final Map<String, String> written;
  private final References.Policy policy;
  private final SharedParts shared;
  private final CommitArchive archive;
  private final Map<String, User> users = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Connections(
      String name,
      Map<String, String> written,
      References.Policy policy,
      SharedParts shared,
      CommitArchive archive) {
    this.name = name;
    this.written = Map.copyOf(written);
    this.policy = policy;
    this.shared = shared;
    this.archive = archive;
  }

  /** Whose connection a call of the principal's goes over. */
  User of(Principal principal) {
    if (closed) {
      throw new EngineException(ErrorCode.UNKNOWN_CATALOG, "catalog " + name + " was dropped");
    }
    closeIdle();
    CatalogOptions options = CatalogOptions.of(written, policy);
    return switch (options.userMode()) {
      case SHARED -> users.computeIfAbsent("", key -> new User(key, options, null, null));
      case PER_USER -> {
        if (principal.name().equals(Principal.ANONYMOUS.name())) {
          throw new EngineException(
              ErrorCode.PERMISSION_DENIED,
              "catalog " + name + " wants each user's own credential: log in with a name");
        }
        yield users.computeIfAbsent(
            principal.name(), key -> new User(key, options, principal.name(), null));
      }
      case PASSTHROUGH -> {
        BearerToken token = principal.token();
        if (token == null) {
          throw new EngineException(
              ErrorCode.PERMISSION_DENIED,
              "catalog "
                  + name
                  + " wants the caller's bearer token, and this connection came without one: log"
                  + " in by a token instead of a password");
        }
        yield users.computeIfAbsent(
            digest(token.value()), key -> new User(key, options, null, token));
      }
    };
  }

  /** What tells tokens apart without telling them. */
  private static String digest(String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The next call connects anew. */
  void forget(User user) {
    if (users.remove(user.key, user)) {
      user.close();
    }
  }

  private void closeIdle() {
    users.values().stream().filter(User::isIdle).forEach(this::forget);
  }

  @Override
  public void close() {
    closed = true;
    users.values().forEach(this::forget);
  }

  /** One user's connection, made by the first call. */
  final class User {
    private final String key;
    private final CatalogOptions options;
    private final @Nullable String userName;
    private final @Nullable BearerToken token;

    // Guarded by this.
    private @Nullable Connection connection;
    private boolean ended;

    private volatile Set<String> secrets = Set.of();

    private User(
        String key,
        CatalogOptions options,
        @Nullable String userName,
        @Nullable BearerToken token) {
      this.key = key;
      this.options = options;
      this.userName = userName;
      this.token = token;
    }

    synchronized IcebergCatalog catalog() {
      Connection known = connection;
      if (known == null) {
        if (ended) {
          throw new EngineException(
              ErrorCode.UNKNOWN_CATALOG,
              "the connection to catalog " + name + " has ended; run the statement again");
        }
        Map<String, String> properties = new HashMap<>(options.resolved(userName));
        if (token != null) {
          properties.put(CatalogOptions.TOKEN, token.value());
          // it is the caller's, who brings a new one
          properties.put("token-refresh-enabled", "false");
          properties.put("token-exchange-enabled", "false");
        }
        secrets = CatalogOptions.secrets(properties);
        known = Connection.open(name, key, options.delegation(), properties, shared, archive);
        connection = known;
      }
      return known.catalog();
    }

    private synchronized boolean isIdle() {
      return connection != null && connection.unusedFor(IDLE_NANOS);
    }

    /** The failure without secrets that an outside system may have put into its answer. */
    EngineException told(EngineException failure) {
      String message = String.valueOf(failure.getMessage());
      String clean = message;
      for (String secret : secrets) {
        clean = clean.replace(secret, "(hidden)");
      }
      return clean.equals(message)
          ? failure
          : new EngineException(failure.code(), clean, failure.position(), null);
    }

    private synchronized void close() {
      ended = true;
      Connection known = connection;
      connection = null;
      if (known != null) {
        known.close();
      }
    }
  }
}
