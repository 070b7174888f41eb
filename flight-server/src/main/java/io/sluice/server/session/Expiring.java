package io.sluice.server.session;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Values by key that are dropped when nobody has used them for a while. */
public final class Expiring<V> {
  private final Map<String, Entry<V>> entries = new ConcurrentHashMap<>();
  private final long ttlNanos;
  private final Consumer<V> dropped;

  private static final class Entry<V> {
    final V value;
    volatile long usedNanos = System.nanoTime();

    Entry(V value) {
      this.value = value;
    }
  }

  /**
   * @param dropped told of every value that leaves, for whatever reason
   */
  public Expiring(Duration ttl, Consumer<V> dropped) {
    this.ttlNanos = ttl.toNanos();
    this.dropped = dropped;
  }

  public void put(String key, V value) {
    Entry<V> before = entries.put(key, new Entry<>(value));
    if (before != null) {
      dropped.accept(before.value);
    }
  }

  /** The value, used now, or empty. */
  public Optional<V> find(String key) {
    Entry<V> entry = entries.get(key);
    if (entry == null || expired(entry)) {
      return Optional.empty();
    }
    entry.usedNanos = System.nanoTime();
    return Optional.of(entry.value);
  }

  /**
   * The value, used now; made where there is none. Of several makers at once, one's value stays.
   */
  public V get(String key, Supplier<V> maker) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      Entry<V> made = new Entry<>(maker.get());
      Entry<V> other = entries.putIfAbsent(key, made);
      entry = other == null ? made : other;
    }
    entry.usedNanos = System.nanoTime();
    return entry.value;
  }

  /** Whether there is a value, which this does not use. */
  public boolean contains(String key) {
    return entries.containsKey(key);
  }

  public void remove(String key) {
    Entry<V> entry = entries.remove(key);
    if (entry != null) {
      dropped.accept(entry.value);
    }
  }

  /** Drops what has not been used for too long. */
  public void sweep() {
    entries.forEach(
        (key, entry) -> {
          if (expired(entry) && entries.remove(key, entry)) {
            dropped.accept(entry.value);
          }
        });
  }

  public int size() {
    return entries.size();
  }

  private boolean expired(Entry<V> entry) {
    return System.nanoTime() - entry.usedNanos > ttlNanos;
  }
}
