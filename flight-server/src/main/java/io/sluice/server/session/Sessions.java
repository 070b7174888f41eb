package io.sluice.server.session;

import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.arrow.flight.FlightProducer.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session of a call: by its bearer token, else by its cookie, else by the connection that
 * it came on. A client that can keep cookies is offered one, so that its session outlives a
 * connection. A session that no call can name any more has ended, and is closed.
 */
public final class Sessions {
  private final Catalogs catalogs;
  private final Expiring<ClientSession> byKey;
  private final Executor closers;

  /**
   * @param closers for closing sessions, which removes their files
   */
  public Sessions(Catalogs catalogs, Duration ttl, Executor closers) {
    this.catalogs = catalogs;
    this.closers = closers;
    this.byKey = new Expiring<>(ttl, this::nameDropped);
  }

  /** The session of the call that this thread serves. */
  public ClientSession of(CallContext context) {
    CallCredentials credentials = context.getMiddleware(CallCredentials.KEY);
    Principal principal = credentials.principal();
    if (credentials.bearer() != null) {
      return session("bearer:" + credentials.bearer(), principal, credentials);
    }
    String cookie = credentials.cookie();
    if (cookie != null) {
      Optional<ClientSession> known = byKey.find("cookie:" + cookie);
      if (known.isPresent() && known.get().principal().equals(principal)) {
        known.get().keepCookie();
        return known.get();
      }
    }
    String connection = Connections.current();
    ClientSession session = session("connection:" + connection, principal, credentials);
    ClientSession named = byKey.get("cookie:" + session.id(), () -> session);
    credentials.offerCookie(named.id());
    return named;
  }

  private ClientSession session(String key, Principal principal, CallCredentials credentials) {
    return byKey.get(
        key,
        () -> {
          ClientSession made =
              new ClientSession(UUID.randomUUID().toString(), key, principal, catalogs);
          for (SessionSetting setting : SessionSetting.values()) {
            String value = credentials.settings().get(setting.key());
            if (value != null) {
              setting.set(made, value);
            }
          }
          return made;
        });
  }

  /** Forgets the session of a call; the next call begins a new one. Says whether there was one. */
  public boolean close(CallContext context) {
    CallCredentials credentials = context.getMiddleware(CallCredentials.KEY);
    boolean found = forget("bearer:", credentials.bearer());
    found |= forget("cookie:", credentials.cookie());
    found |= forget("connection:", Connections.current());
    return found;
  }

  private boolean forget(String kind, @Nullable String name) {
    if (name == null) {
      return false;
    }
    Optional<ClientSession> session = byKey.find(kind + name);
    byKey.remove(kind + name);
    session.ifPresent(
        s -> {
          byKey.remove(s.key());
          byKey.remove("cookie:" + s.id());
        });
    return session.isPresent();
  }

  /** Forgets what only a connection that has ended could name. */
  public void connectionClosed(String connection) {
    String key = "connection:" + connection;
    Optional<ClientSession> session = byKey.find(key);
    byKey.remove(key);
    session.filter(s -> !s.keepsCookie()).ifPresent(s -> byKey.remove("cookie:" + s.id()));
  }

  /** Of a session's names one is gone. */
  private void nameDropped(ClientSession session) {
    if (!byKey.contains(session.key()) && !byKey.contains("cookie:" + session.id())) {
      try {
        closers.execute(session.sql()::close);
      } catch (RejectedExecutionException stopping) {
        session.sql().close();
      }
    }
  }

  /** Drops sessions that nobody has used for too long. */
  public void sweep() {
    byKey.sweep();
  }
}
