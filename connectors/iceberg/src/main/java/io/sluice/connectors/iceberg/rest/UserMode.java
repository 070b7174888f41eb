package io.sluice.connectors.iceberg.rest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a user of the server becomes a user of a catalog. */
public enum UserMode {
  /** All use the catalog's credential. */
  SHARED("shared"),
  /** Each has a credential, found by reference with the user's name in it. */
  PER_USER("per-user"),
  /** Each shows the bearer token with which it has come. */
  PASSTHROUGH("passthrough");

  private final String text;

  UserMode(String text) {
    this.text = text;
  }

  /** As it is written in a property. */
  public String text() {
    return text;
  }

  static Optional<UserMode> of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(mode -> mode.text.equals(lower)).findFirst();
  }
}
