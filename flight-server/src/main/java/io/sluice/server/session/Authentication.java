package io.sluice.server.session;

import io.sluice.engine.connector.BearerToken;
import io.sluice.engine.connector.Principal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks passwords and issues bearer tokens. Tokens are signed, so the server stores none; they
 * live until they expire or the server restarts. Where no users are configured everyone is
 * anonymous, whatever name and password they give.
 */
public final class Authentication {
  private static final Duration TOKEN_LIFE = Duration.ofHours(24);
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** Compared with where the name is unknown, so that the answer takes as long. */
  private static final String NOBODY = Passwords.record("nobody".toCharArray());

  private final Map<String, String> users;
  private final Map<String, String> tokens;
  private final byte[] secret = new byte[32];
  private final SecureRandom random = new SecureRandom();

  /**
   * @param users password records by name
   * @param tokens records of bearer tokens by user
   */
  public Authentication(Map<String, String> users, Map<String, String> tokens) {
    this.users = Map.copyOf(users);
    this.tokens = Map.copyOf(tokens);
    users.forEach(Passwords::check);
    tokens.forEach(Tokens::check);
    random.nextBytes(secret);
  }

  /** Whether calls without credentials are refused. */
  public boolean required() {
    return !users.isEmpty() || !tokens.isEmpty();
  }

  /** Who has this name and password, or empty. */
  public Optional<Principal> login(String name, String password) {
    if (!required()) {
      return Optional.of(Principal.ANONYMOUS);
    }
    String record = users.getOrDefault(name, NOBODY);
    boolean matches = Passwords.matches(record, password.toCharArray());
    return matches && users.containsKey(name) ? Optional.of(new Principal(name)) : Optional.empty();
  }

  /** A new token for the principal; no two are equal. */
  public String issue(Principal principal) {
    byte[] nonce = new byte[12];
    random.nextBytes(nonce);
    String name = BASE64.encodeToString(principal.name().getBytes(StandardCharsets.UTF_8));
    long expires = Instant.now().plus(TOKEN_LIFE).getEpochSecond();
    String claims = name + "." + expires + "." + BASE64.encodeToString(nonce);
    return claims + "." + BASE64.encodeToString(sign(claims));
  }

  /**
   * Whose token this is, or empty where it is nobody's or has expired. One that others have issued
   * stays with the principal, who may show it on; ours means nothing elsewhere.
   */
  public Optional<Principal> verify(String token) {
    if (!required()) {
      return Optional.of(new Principal(Principal.ANONYMOUS.name(), new BearerToken(token)));
    }
    Optional<Principal> configured =
        Tokens.owner(tokens, token).map(name -> new Principal(name, new BearerToken(token)));
    return configured.isPresent() ? configured : issued(token);
  }

  private Optional<Principal> issued(String token) {
    int end = token.lastIndexOf('.');
    if (end < 0) {
      return Optional.empty();
    }
    String claims = token.substring(0, end);
    byte[] expected = BASE64.encodeToString(sign(claims)).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(
        expected, token.substring(end + 1).getBytes(StandardCharsets.US_ASCII))) {
      return Optional.empty();
    }
    int first = claims.indexOf('.');
    int second = claims.indexOf('.', first + 1);
    long expires = Long.parseLong(claims.substring(first + 1, second));
    if (Instant.now().getEpochSecond() > expires) {
      return Optional.empty();
    }
    byte[] name = Base64.getUrlDecoder().decode(claims.substring(0, first));
    return Optional.of(new Principal(new String(name, StandardCharsets.UTF_8)));
  }

  private byte[] sign(String claims) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(claims.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no HMAC-SHA-256 in this Java", e);
    }
  }
}
