package io.sluice.connectors.iceberg.s3;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.aws.AwsClientProperties;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Makes S3 clients: each has credentials of its own, all share connections. Nothing is read from
 * the environment or from files of AWS tools, unless {@link #ambient} is asked for. Safe for use by
 * several threads.
 */
public final class S3Clients implements AutoCloseable {
  private static final int CONNECTIONS = 128;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 5;
  private static final String DEFAULT_REGION = "us-east-1";

  private final SdkHttpClient http =
      Apache5HttpClient.builder()
          .maxConnections(CONNECTIONS)
          .connectionTimeout(CONNECT_TIMEOUT)
          .connectionAcquisitionTimeout(SILENCE_TIMEOUT)
          .socketTimeout(SILENCE_TIMEOUT)
          .connectionMaxIdleTime(IDLE)
          .build();

  /** Opens no connection yet. */
  public S3Clients() {}

  /**
   * A client for the plain location's scope, which renews its credentials when the store says that
   * they have expired.
   */
  S3Client client(Map<String, String> properties, TableCredentials credentials, String location) {
    AwsCredentialsProvider provider = () -> credentials.fresh(location);
    return renewing(build(properties, provider), credentials, location);
  }

  /** A client with the credentials that this process has from where it runs. */
  S3Client ambient(Map<String, String> properties) {
    return build(properties, DefaultCredentialsProvider.builder().build());
  }

  private S3Client build(Map<String, String> properties, AwsCredentialsProvider credentials) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .credentialsProvider(credentials)
            .region(
                Region.of(
                    properties.getOrDefault(AwsClientProperties.CLIENT_REGION, DEFAULT_REGION)))
            .forcePathStyle(
                Boolean.parseBoolean(properties.get(S3FileIOProperties.PATH_STYLE_ACCESS)))
            // other stores than AWS do not know checksums at the end of a body
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                each ->
                    each.defaultProfileFile(ProfileFile.aggregator().build())
                        .defaultProfileName("none")
                        .retryStrategy(
                            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build()));
    String endpoint = properties.get(S3FileIOProperties.ENDPOINT);
    if (endpoint != null) {
      builder.endpointOverride(URI.create(endpoint));
    }
    return builder.build();
  }

  /** Tries a refused request once more where there are new credentials. */
  private static S3Client renewing(S3Client client, TableCredentials credentials, String location) {
    return (S3Client)
        Proxy.newProxyInstance(
            S3Client.class.getClassLoader(),
            new Class<?>[] {S3Client.class},
            (proxy, method, arguments) -> {
              AwsCredentials used = credentials.current(location);
              try {
                return method.invoke(client, arguments);
              } catch (InvocationTargetException e) {
                boolean again =
                    e.getCause() instanceof S3Exception refusal
                        && refusal.statusCode() == 403
                        && credentials.renewAfter(refusal, location, used);
                if (!again) {
                  throw e.getCause();
                }
              }
              try {
                return method.invoke(client, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void close() {
    http.close();
  }
}
