package io.sluice.connectors.iceberg.s3;

import java.time.Instant;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials and where they hold.
 *
 * @param prefix of locations, with the scheme {@code s3}; empty for every location
 * @param config Iceberg's properties, keys among them
 */
record StorageScope(String prefix, Map<String, String> config) {
  StorageScope {
    prefix = plain(prefix);
    config = Map.copyOf(config);
  }

  /** A location with the scheme {@code s3}, which Hadoop writes as {@code s3a} or {@code s3n}. */
  static String plain(String location) {
    return location.startsWith("s3a:") || location.startsWith("s3n:")
        ? "s3" + location.substring(3)
        : location;
  }

  /** Whether a plain location lies here: names that merely begin alike do not. */
  boolean holds(String location) {
    if (!prefix.contains("://")) {
      // a scheme alone, as in "s3"
      return prefix.isEmpty() || location.startsWith(prefix + ":");
    }
    return location.startsWith(prefix)
        && (prefix.endsWith("/")
            || location.length() == prefix.length()
            || location.charAt(prefix.length()) == '/');
  }

  boolean hasKeys() {
    return config.containsKey(S3FileIOProperties.ACCESS_KEY_ID)
        && config.containsKey(S3FileIOProperties.SECRET_ACCESS_KEY);
  }

  /** When the keys cease to hold, or null where that is not known. */
  @Nullable Instant expiry() {
    String millis = config.get(S3FileIOProperties.SESSION_TOKEN_EXPIRES_AT_MS);
    return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  AwsCredentials credentials() {
    String id = config.getOrDefault(S3FileIOProperties.ACCESS_KEY_ID, "");
    String secret = config.getOrDefault(S3FileIOProperties.SECRET_ACCESS_KEY, "");
    String token = config.get(S3FileIOProperties.SESSION_TOKEN);
    return token == null
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, token);
  }

  /** Without keys. */
  @Override
  public String toString() {
    return prefix.isEmpty() ? "everywhere" : prefix;
  }
}
