package io.sluice.server;

import java.util.List;
import java.util.logging.Logger;

/**
 * Loggers of libraries that write requests and answers out, and so tokens and keys. They stay
 * silent whatever the configuration of logging says.
 */
final class SecretLoggers {
  /** Held here, as the logging of Java forgets loggers that nobody holds. */
  private static final List<Logger> SILENT =
      List.of(
              "org.apache.hc.client5.http.headers",
              "org.apache.hc.client5.http.wire",
              "org.apache.hc.core5.http.wire",
              "org.apache.hc.core5.http.headers",
              "software.amazon.awssdk.request",
              "software.amazon.awssdk.requestId",
              "software.amazon.awssdk.auth.signer.Aws4Signer",
              "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner",
              "software.amazon.awssdk.http.auth.aws.internal.signer.V4CanonicalRequest",
              "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultAwsV4HttpSigner",
              // answers of catalogs, which may repeat what they were sent
              "org.apache.iceberg.rest.ErrorHandlers")
          .stream()
          .map(Logger::getLogger)
          .toList();

  private SecretLoggers() {}

  /** To be called before the first request. */
  static void silence() {
    SILENT.forEach(logger -> logger.setFilter(record -> false));
  }
}
