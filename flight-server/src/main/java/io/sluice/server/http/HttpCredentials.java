package io.sluice.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.engine.connector.Principal;
import io.sluice.server.session.Authentication;
import io.sluice.server.session.Expiring;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request. A password is checked once in a while, as that is slow by design; until then
 * a keyed digest of the header stands for it.
 */
final class HttpCredentials {
  private static final Duration REMEMBERED = Duration.ofMinutes(5);
  private static final String BASIC = "Basic ";
  private static final int MOST_REMEMBERED = 10_000;

  private final Authentication authentication;
  private final Expiring<Principal> known = new Expiring<>(REMEMBERED, principal -> {});
  private final byte[] secret = new byte[32];

  HttpCredentials(Authentication authentication) {
    this.authentication = authentication;
    new SecureRandom().nextBytes(secret);
  }

  /**
   * May take long: not for threads of the network.
   *
   * @param authorization the header, or null
   * @throws HttpProblem 401
   */
  Principal principal(@Nullable String authorization) {
    if (!authentication.required()) {
      return Principal.ANONYMOUS;
    }
    if (authorization == null || authorization.isBlank()) {
      throw refused("this server wants a user name and password, or a bearer token");
    }
    int space = authorization.indexOf(' ');
    String scheme = authorization.substring(0, Math.max(0, space)).strip().toLowerCase(Locale.ROOT);
    String value = authorization.substring(space + 1).strip();
    return switch (scheme) {
      case "basic" -> basic(value);
      case "bearer" ->
          authentication
              .verify(value)
              .orElseThrow(() -> refused("the bearer token is not valid or has expired"));
      default -> throw refused("authorization must be Basic or Bearer");
    };
  }

  /**
   * The same where it is known already; empty where it has to be found out, which may take long.
   */
  Optional<Principal> known(@Nullable String authorization) {
    if (!authentication.required()) {
      return Optional.of(Principal.ANONYMOUS);
    }
    return authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())
        ? known.find(digest(authorization.substring(BASIC.length()).strip()))
        : Optional.empty();
  }

  private Principal basic(String value) {
    String digest = digest(value);
    Optional<Principal> seen = known.find(digest);
    if (seen.isPresent()) {
      return seen.get();
    }
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
    Principal principal =
        authentication
            .login(pair.substring(0, colon), pair.substring(colon + 1))
            .orElseThrow(() -> refused("unknown user or wrong password"));
    if (known.size() >= MOST_REMEMBERED) {
      known.sweep();
    }
    known.put(digest, principal);
    return principal;
  }

  private String digest(String value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no HMAC-SHA-256 in this Java", e);
    }
  }

  private static HttpProblem refused(String why) {
    return new HttpProblem(HttpResponseStatus.UNAUTHORIZED, "UNAUTHENTICATED", why);
  }
}
