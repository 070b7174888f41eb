package io.sluice.connectors.iceberg.s3;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The credentials of one load of a table. They are renewed before they expire, by one caller while
 * the others wait. Safe for use by several threads.
 */
final class TableCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(TableCredentials.class);

  /** New ones are fetched so long before the old expire, or in the last quarter of their life. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  /** Codes by which stores say that keys hold no longer. */
  private static final Set<String> EXPIRED =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidToken",
          "InvalidTokenId",
          "TokenRefreshRequired");

  private final ReentrantLock renewing = new ReentrantLock();
  private volatile State state;
  private volatile @Nullable Supplier<List<StorageScope>> source;
  private volatile Instant failed = Instant.MIN;

  /**
   * @param number of the load: 0, and one more with each renewal
   */
  private record State(List<StorageScope> scopes, Instant loaded, int number) {}

  TableCredentials(List<StorageScope> scopes) {
    this.state = new State(List.copyOf(scopes), Instant.now(), 0);
  }

  /** Where new ones come from. */
  void renewBy(Supplier<List<StorageScope>> renewal) {
    source = renewal;
  }

  List<StorageScope> scopes() {
    return state.scopes();
  }

  /** The scope with the longest prefix of a plain location, or empty. */
  Optional<StorageScope> find(String location) {
    return find(state, location);
  }

  private static Optional<StorageScope> find(State state, String location) {
    return state.scopes().stream()
        .filter(scope -> scope.holds(location))
        .max(Comparator.comparingInt(scope -> scope.prefix().length()));
  }

  /** Keys for a plain location, renewed where they are about to expire. */
  AwsCredentials fresh(String location) {
    State seen = state;
    StorageScope scope = required(seen, location);
    Instant expiry = scope.expiry();
    if (expiry == null || source == null || Instant.now().isBefore(due(seen, expiry))) {
      return scope.credentials();
    }
    boolean expired = !Instant.now().isBefore(expiry);
    if (!expired && Instant.now().isBefore(failed.plus(AFTER_FAILURE))) {
      return scope.credentials();
    }
    try {
      renew(seen);
    } catch (RuntimeException failure) {
      failed = Instant.now();
      if (expired) {
        throw new EngineException(
            ErrorCode.CATALOG_ERROR,
            "the credentials for "
                + location
                + " expired at "
                + expiry
                + " and the catalog gave no new ones: "
                + failure.getMessage(),
            failure);
      }
      LOG.warn("credentials for {} are not renewed yet: {}", location, failure.getMessage());
    }
    return required(state, location).credentials();
  }

  private static Instant due(State state, Instant expiry) {
    Duration quarter = Duration.between(state.loaded(), expiry).dividedBy(4);
    return expiry.minus(quarter.compareTo(MARGIN) < 0 ? quarter : MARGIN);
  }

  private static StorageScope required(State state, String location) {
    return find(state, location)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.PERMISSION_DENIED,
                    "the catalog gave no credentials for " + location));
  }

  /** The keys for a plain location as they are, expired or not. */
  AwsCredentials current(String location) {
    return required(state, location).credentials();
  }

  /**
   * After the store has refused a request: whether there are other keys now, with which to try
   * again.
   *
   * @param used by the request
   */
  boolean renewAfter(S3Exception refusal, String location, AwsCredentials used) {
    State seen = state;
    if (!required(seen, location).credentials().equals(used)) {
      return true;
    }
    if (source == null || !meansExpiry(refusal, seen, location)) {
      return false;
    }
    renew(seen);
    return !required(state, location).credentials().equals(used);
  }

  private static boolean meansExpiry(S3Exception refusal, State seen, String location) {
    String code = refusal.awsErrorDetails() == null ? null : refusal.awsErrorDetails().errorCode();
    if (code != null && EXPIRED.contains(code)) {
      return true;
    }
    Instant expiry = required(seen, location).expiry();
    boolean past = expiry != null && !Instant.now().isBefore(expiry);
    // the answer to a HEAD request has no code
    boolean silent = code == null || code.isEmpty() || code.equals("403");
    return past || silent;
  }

  /** Fetches new ones, unless someone has done so since {@code seen}. */
  private void renew(State seen) {
    renewing.lock();
    try {
      Supplier<List<StorageScope>> renewal = source;
      if (state.number() == seen.number() && renewal != null) {
        Instant now = Instant.now();
        state = new State(List.copyOf(renewal.get()), now, seen.number() + 1);
      }
    } finally {
      renewing.unlock();
    }
  }
}
