package io.sluice.planner.service;

import io.sluice.engine.connector.Principal;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Services that have been prepared, so that a request plans nothing. One that is used is prepared
 * anew every second beside the requests, which go on with the old one; after a pause the next
 * request waits for it. So a request sees what other servers have replaced, and changes of tables,
 * a second later at most; what this server's own statements change is seen at once.
 */
final class PreparedServices {
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final long USABLE_NANOS = 3 * FRESH_NANOS;
  private static final int MOST = 10_000;

  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  /** What plans differ by. */
  private record Key(Principal principal, String name, boolean raw) {}

  private record Entry(FeatureService service, long preparedNanos, AtomicBoolean renewing) {
    Entry(FeatureService service) {
      this(service, System.nanoTime(), new AtomicBoolean());
    }
  }

  /**
   * @param renewer runs what may block
   */
  FeatureService get(
      Principal principal,
      String name,
      boolean raw,
      Supplier<FeatureService> prepare,
      Executor renewer) {
    Key key = new Key(principal, name.toLowerCase(Locale.ROOT), raw);
    Entry entry = entries.get(key);
    if (entry == null || System.nanoTime() - entry.preparedNanos() > USABLE_NANOS) {
      return put(key, prepare.get());
    }
    boolean due = System.nanoTime() - entry.preparedNanos() > FRESH_NANOS;
    if (due && entry.renewing().compareAndSet(false, true)) {
      try {
        renewer.execute(() -> renew(key, entry, prepare));
      } catch (RejectedExecutionException | io.sluice.engine.EngineException busy) {
        // a later request tries again
        entry.renewing().set(false);
      }
    }
    return entry.service();
  }

  private void renew(Key key, Entry entry, Supplier<FeatureService> prepare) {
    try {
      Entry renewed = new Entry(prepare.get());
      entries.replace(key, entry, renewed);
    } catch (RuntimeException failure) {
      // the next request prepares it itself and is told what is wrong
      entries.remove(key, entry);
    }
  }

  private FeatureService put(Key key, FeatureService service) {
    if (entries.size() >= MOST) {
      entries.clear();
    }
    entries.put(key, new Entry(service));
    return service;
  }

  /** Forgets a service that has changed. */
  void forget(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    entries.keySet().removeIf(key -> key.name().equals(lower));
  }
}
