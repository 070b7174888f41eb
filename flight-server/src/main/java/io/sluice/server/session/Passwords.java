package io.sluice.server.session;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Password records of the configuration: {@code pbkdf2:<iterations>:<salt>:<hash>}, the last two in
 * base 64 (PBKDF2 with HMAC-SHA-256, RFC 8018).
 */
public final class Passwords {
  private static final int ITERATIONS = 210_000;
  private static final int HASH_BITS = 256;

  private Passwords() {}

  /** The record to configure for a password. */
  public static String record(char[] password) {
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "pbkdf2:"
        + ITERATIONS
        + ":"
        + base64.encodeToString(salt)
        + ":"
        + base64.encodeToString(hash(password, salt, ITERATIONS));
  }

  /** Whether the password is the record's. */
  public static boolean matches(String record, char[] password) {
    Parsed parsed = parse(record);
    return MessageDigest.isEqual(parsed.hash, hash(password, parsed.salt, parsed.iterations));
  }

  /**
   * Refuses what is no record.
   *
   * @throws EngineException CONFIGURATION, without the text, which may be a password
   */
  public static void check(String user, String record) {
    try {
      parse(record);
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          ErrorCode.CONFIGURATION,
          "auth.users."
              + user
              + " must be a password record pbkdf2:<iterations>:<salt>:<hash>;"
              + " `sluice password` makes one");
    }
  }

  private record Parsed(int iterations, byte[] salt, byte[] hash) {}

  private static Parsed parse(String record) {
    List<String> parts = List.of(record.split(":", -1));
    if (parts.size() != 4 || !parts.get(0).equals("pbkdf2")) {
      throw new IllegalArgumentException("not a password record");
    }
    int iterations = Integer.parseInt(parts.get(1));
    if (iterations < 1) {
      throw new IllegalArgumentException("not a password record");
    }
    Base64.Decoder base64 = Base64.getDecoder();
    return new Parsed(iterations, base64.decode(parts.get(2)), base64.decode(parts.get(3)));
  }

  private static byte[] hash(char[] password, byte[] salt, int iterations) {
    try {
      PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, HASH_BITS);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new EngineException(ErrorCode.INTERNAL, "no PBKDF2 in this Java: " + e.getMessage(), e);
    }
  }
}
