package io.sluice.connectors.iceberg.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

class TableCredentialsTest {
  private static final String FILE = "s3://lake/t/data/f.parquet";

  private static StorageScope scope(String prefix, String key, long livesMillis) {
    return new StorageScope(
        prefix,
        Map.of(
            "s3.access-key-id",
            key,
            "s3.secret-access-key",
            "secret-of-" + key,
            "s3.session-token",
            "token",
            "s3.session-token-expires-at-ms",
            Long.toString(System.currentTimeMillis() + livesMillis)));
  }

  private static S3Exception refusal(String code) {
    S3Exception.Builder builder = S3Exception.builder();
    builder.statusCode(403).awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build());
    return (S3Exception) builder.build();
  }

  @Test
  void aPrefixHoldsWhatLiesBelowItAndNothingThatMerelyBeginsAlike() {
    StorageScope table = scope("s3a://lake/t", "A", 1000);
    assertTrue(table.holds("s3://lake/t/data/x"));
    assertTrue(table.holds("s3://lake/t"));
    assertFalse(table.holds("s3://lake/t2/data/x"));
    assertFalse(table.holds("s3://lake2/t/data/x"));
    assertTrue(scope("s3", "A", 1000).holds("s3://any/thing"));
    assertTrue(scope("", "A", 1000).holds("s3://any/thing"));
    assertFalse(table.toString().contains("secret"));
  }

  @Test
  void theLongestPrefixDecides() {
    TableCredentials credentials =
        new TableCredentials(
            List.of(
                scope("s3", "ROOT", 900_000),
                scope("s3://lake/t/", "TABLE", 900_000),
                scope("s3://lake", "LAKE", 900_000)));
    assertEquals("TABLE", credentials.fresh(FILE).accessKeyId());
    assertEquals("LAKE", credentials.fresh("s3://lake/u/x").accessKeyId());
    assertEquals("ROOT", credentials.fresh("s3://else/x").accessKeyId());
    TableCredentials none = new TableCredentials(List.of(scope("s3://lake/t", "A", 900_000)));
    assertThrows(EngineException.class, () -> none.fresh("s3://lake/u"));
  }

  @Test
  void ofManyReadersOneRenewsAndAllGetTheNewKeys() throws Exception {
    TableCredentials credentials = new TableCredentials(List.of(scope("s3://lake/t", "OLD", -1)));
    AtomicInteger renewals = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(8);
    credentials.renewBy(
        () -> {
          renewals.incrementAndGet();
          return List.of(scope("s3://lake/t", "NEW", 900_000));
        });
    Set<String> keys = new HashSet<>();
    try (ExecutorService readers = Executors.newFixedThreadPool(8)) {
      Callable<String> read =
          () -> {
            all.countDown();
            all.await();
            return credentials.fresh(FILE).accessKeyId();
          };
      for (var key : readers.invokeAll(java.util.Collections.nCopies(8, read))) {
        keys.add(key.get());
      }
    }
    assertEquals(Set.of("NEW"), keys);
    assertEquals(1, renewals.get());
  }

  @Test
  void keysThatStillHoldOutliveACatalogThatDoesNot() {
    TableCredentials living = new TableCredentials(List.of(scope("s3://lake/t", "A", 60_000)));
    living.renewBy(
        () -> {
          throw new IllegalStateException("down");
        });
    assertEquals("A", living.fresh(FILE).accessKeyId());
    TableCredentials dead = new TableCredentials(List.of(scope("s3://lake/t", "A", -1)));
    dead.renewBy(
        () -> {
          throw new IllegalStateException("down");
        });
    EngineException failure = assertThrows(EngineException.class, () -> dead.fresh(FILE));
    assertTrue(String.valueOf(failure.getMessage()).contains("gave no new ones: down"));
  }

  @Test
  void aRefusalRenewsWhereItMeansExpiry() {
    TableCredentials credentials =
        new TableCredentials(List.of(scope("s3://lake/t", "OLD", 900_000)));
    credentials.renewBy(() -> List.of(scope("s3://lake/t", "NEW", 900_000)));
    var old = credentials.current(FILE);
    assertFalse(credentials.renewAfter(refusal("AccessDenied"), FILE, old));
    assertEquals("OLD", credentials.current(FILE).accessKeyId());
    assertTrue(credentials.renewAfter(refusal("ExpiredToken"), FILE, old));
    assertEquals("NEW", credentials.current(FILE).accessKeyId());
    // the next one who was refused with the old keys tries again at once
    assertTrue(credentials.renewAfter(refusal("AccessDenied"), FILE, old));
  }
}
