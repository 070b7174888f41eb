package io.sluice.server.session;

import io.sluice.engine.connector.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallInfo;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServerMiddleware;
import org.apache.arrow.flight.RequestContext;
import org.jspecify.annotations.Nullable;

/** What a call's headers say about its caller; answers a login with a bearer token. */
public final class CallCredentials implements FlightServerMiddleware {
  public static final Key<CallCredentials> KEY = Key.of("sluice-credentials");
  static final String COOKIE = "sluice_session";

  private final Principal principal;
  private final @Nullable String bearer;
  private final @Nullable String cookie;
  private final Map<String, String> settings;
  private final @Nullable String issued;
  private volatile @Nullable String newCookie;

  private CallCredentials(
      Principal principal,
      @Nullable String bearer,
      @Nullable String cookie,
      Map<String, String> settings,
      @Nullable String issued) {
    this.principal = principal;
    this.bearer = bearer;
    this.cookie = cookie;
    this.settings = settings;
    this.issued = issued;
  }

  /** Reads headers and refuses strangers. */
  public static final class Factory implements FlightServerMiddleware.Factory<CallCredentials> {
    private final Authentication authentication;

    public Factory(Authentication authentication) {
      this.authentication = authentication;
    }

    @Override
    public CallCredentials onCallStarted(
        CallInfo info, CallHeaders headers, RequestContext context) {
      String cookie = cookie(headers);
      Map<String, String> settings = settings(headers);
      String authorization = headers.get("authorization");
      if (authorization == null || authorization.isBlank()) {
        if (authentication.required()) {
          throw refused("this server wants a user name and password");
        }
        return new CallCredentials(Principal.ANONYMOUS, null, cookie, settings, null);
      }
      int space = authorization.indexOf(' ');
      String scheme =
          authorization.substring(0, Math.max(0, space)).strip().toLowerCase(Locale.ROOT);
      String value = authorization.substring(space + 1).strip();
      return switch (scheme) {
        case "basic" -> {
          Principal principal = login(value);
          String token = authentication.issue(principal);
          yield new CallCredentials(principal, token, cookie, settings, token);
        }
        case "bearer" -> {
          Optional<Principal> principal = authentication.verify(value);
          yield new CallCredentials(
              principal.orElseThrow(
                  () -> refused("the bearer token is not valid or has expired; log in again")),
              value,
              cookie,
              settings,
              null);
        }
        default -> throw refused("authorization must be Basic or Bearer");
      };
    }

    private Principal login(String value) {
      String pair;
      try {
        pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw refused("Basic authorization must be base 64 of name:password");
      }
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw refused("Basic authorization must be base 64 of name:password");
      }
      return authentication
          .login(pair.substring(0, colon), pair.substring(colon + 1))
          .orElseThrow(() -> refused("unknown user or wrong password"));
    }

    private static FlightRuntimeException refused(String why) {
      return CallStatus.UNAUTHENTICATED.withDescription(why).toRuntimeException();
    }

    private static @Nullable String cookie(CallHeaders headers) {
      Iterable<String> lines = headers.getAll("cookie");
      if (lines == null) {
        return null;
      }
      for (String line : lines) {
        for (String part : line.split(";")) {
          int equals = part.indexOf('=');
          if (equals > 0 && part.substring(0, equals).strip().equals(COOKIE)) {
            return part.substring(equals + 1).strip();
          }
        }
      }
      return null;
    }

    private static Map<String, String> settings(CallHeaders headers) {
      Map<String, String> settings = new LinkedHashMap<>();
      for (SessionSetting setting : SessionSetting.values()) {
        for (String header : setting.headers()) {
          String value = headers.get(header);
          if (value != null && !value.isBlank()) {
            settings.put(setting.key(), value.strip());
          }
        }
      }
      return settings;
    }
  }

  public Principal principal() {
    return principal;
  }

  @Nullable String bearer() {
    return bearer;
  }

  @Nullable String cookie() {
    return cookie;
  }

  /** Session settings that came as headers, as JDBC sends unknown URL parameters. */
  Map<String, String> settings() {
    return settings;
  }

  /** Asks the client to name its session by this from now on. */
  void offerCookie(String value) {
    newCookie = value;
  }

  @Override
  public void onBeforeSendingHeaders(CallHeaders outgoing) {
    if (issued != null) {
      outgoing.insert("authorization", "Bearer " + issued);
    }
    String value = newCookie;
    if (value != null) {
      outgoing.insert("set-cookie", COOKIE + "=" + value + "; HttpOnly");
    }
  }

  @Override
  public void onCallCompleted(CallStatus status) {}

  @Override
  public void onCallErrored(Throwable error) {}
}
