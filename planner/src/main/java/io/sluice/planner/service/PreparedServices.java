package io.sluice.planner.service;

import io.sluice.engine.EngineException;
import io.sluice.engine.connector.Principal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Services that have been prepared, so that a request plans nothing. Once a second it is looked,
 * beside the requests, whether what a service was prepared from is still the same; where it is not,
 * the service is prepared anew. After a pause the next request waits for that. So a request sees
 * what other servers have replaced, and changes of tables, a second later at most; what this
 * server's own statements change is seen at once.
 */
final class PreparedServices {
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final long USABLE_NANOS = 3 * FRESH_NANOS;
  private static final int MOST = 10_000;

  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  /**
   * What plans differ by.
   *
   * @param name in small letters
   */
  record Key(Principal principal, String name, boolean raw) {}

  /** A service, and what it was prepared from. */
  record Prepared(FeatureService service, ServiceOrigin origin) {}

  private record Entry(Prepared prepared, long checkedNanos, AtomicBoolean renewing) {
    Entry(Prepared prepared) {
      this(prepared, System.nanoTime(), new AtomicBoolean());
    }

    long age() {
      return System.nanoTime() - checkedNanos;
    }
  }

  /**
   * A service.
   *
   * @param holds whether what it was prepared from is as it was
   * @param renewer runs what may block
   */
  FeatureService get(
      Key key, Supplier<Prepared> prepare, Predicate<ServiceOrigin> holds, Executor renewer) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return put(key, prepare.get());
    }
    if (entry.age() > USABLE_NANOS) {
      return put(key, renewed(entry, prepare, holds));
    }
    renewWhereDue(key, entry, prepare, holds, renewer);
    return entry.prepared().service();
  }

  /** The same where it can be had without waiting, or empty. */
  Optional<FeatureService> ready(
      Key key, Supplier<Prepared> prepare, Predicate<ServiceOrigin> holds, Executor renewer) {
    Entry entry = entries.get(key);
    if (entry == null || entry.age() > USABLE_NANOS) {
      return Optional.empty();
    }
    renewWhereDue(key, entry, prepare, holds, renewer);
    return Optional.of(entry.prepared().service());
  }

  private void renewWhereDue(
      Key key,
      Entry entry,
      Supplier<Prepared> prepare,
      Predicate<ServiceOrigin> holds,
      Executor renewer) {
    if (entry.age() > FRESH_NANOS && entry.renewing().compareAndSet(false, true)) {
      try {
        renewer.execute(() -> renew(key, entry, prepare, holds));
      } catch (RejectedExecutionException | EngineException busy) {
        // a later request tries again
        entry.renewing().set(false);
      }
    }
  }

  private static Prepared renewed(
      Entry entry, Supplier<Prepared> prepare, Predicate<ServiceOrigin> holds) {
    return holds.test(entry.prepared().origin()) ? entry.prepared() : prepare.get();
  }

  private void renew(
      Key key, Entry entry, Supplier<Prepared> prepare, Predicate<ServiceOrigin> holds) {
    try {
      entries.replace(key, entry, new Entry(renewed(entry, prepare, holds)));
    } catch (RuntimeException failure) {
      // the next request prepares it itself and is told what is wrong
      entries.remove(key, entry);
    }
  }

  private FeatureService put(Key key, Prepared prepared) {
    if (entries.size() >= MOST) {
      entries.clear();
    }
    entries.put(key, new Entry(prepared));
    return prepared.service();
  }

  /** Forgets a service that has changed. */
  void forget(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    entries.keySet().removeIf(key -> key.name().equals(lower));
  }
}
