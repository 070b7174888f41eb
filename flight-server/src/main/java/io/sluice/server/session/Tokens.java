package io.sluice.server.session;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Records of bearer tokens in the configuration: {@code sha256:<hex>}, several of one user with
 * commas between. Tokens are long and random, so that their digest needs no salt.
 */
public final class Tokens {
  private static final Pattern RECORD = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final int TOKEN_BYTES = 32;

  private Tokens() {}

  /** A token that nobody guesses. */
  public static String random() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The record to configure for a token. */
  public static String record(String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new EngineException(ErrorCode.INTERNAL, "no SHA-256 in this Java", e);
    }
  }

  /** Whose token it is, or empty. */
  static Optional<String> owner(Map<String, String> records, String token) {
    byte[] shown = record(token).getBytes(StandardCharsets.US_ASCII);
    Optional<String> owner = Optional.empty();
    for (Map.Entry<String, String> user : records.entrySet()) {
      for (String each : user.getValue().split(",", -1)) {
        // all are compared, so that the answer takes as long for every token
        if (MessageDigest.isEqual(shown, each.strip().getBytes(StandardCharsets.US_ASCII))) {
          owner = Optional.of(user.getKey());
        }
      }
    }
    return owner;
  }

  /**
   * Refuses what is no record.
   *
   * @throws EngineException CONFIGURATION, without the text, which may be a token
   */
  static void check(String user, String records) {
    for (String each : records.split(",", -1)) {
      if (!RECORD.matcher(each.strip()).matches()) {
        throw new EngineException(
            ErrorCode.CONFIGURATION,
            "auth.tokens."
                + user
                + " must be records of tokens, sha256:<64 hexadecimal digits>; `sluice token`"
                + " makes them");
      }
    }
  }
}
