package io.sluice.server.stream;

/**
 * What a client asked to get otherwise.
 *
 * @param naiveTimestamps whether timestamps with time zone come as timestamps without, in UTC, for
 *     clients that cannot read zoned ones
 */
public record StreamOptions(boolean naiveTimestamps) {
  /** What every client gets that asks for nothing. */
  public static final StreamOptions DEFAULT = new StreamOptions(false);
}
