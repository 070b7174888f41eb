package io.sluice.engine.connector;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A secret that a caller has shown, kept from every text. */
public final class BearerToken {
  private final String value;

  public BearerToken(String value) {
    this.value = value;
  }

  /** The secret itself: for requests in the caller's name, never for a message or a log. */
  public String value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BearerToken token
        && MessageDigest.isEqual(bytes(value), bytes(token.value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
