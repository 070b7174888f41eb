package io.sluice.connectors.iceberg.scan;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A cache bounded by weight that forgets what has not been asked for longest. Thread-safe. */
final class LeastRecentlyUsed<K, V> {
  private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final long limit;
  private final ToLongFunction<V> weigher;
  private long weight;

  LeastRecentlyUsed(long limit, ToLongFunction<V> weigher) {
    this.limit = limit;
    this.weigher = weigher;
  }

  synchronized @Nullable V get(K key) {
    return entries.get(key);
  }

  synchronized void put(K key, V value) {
    V before = entries.put(key, value);
    weight += weigher.applyAsLong(value) - (before == null ? 0 : weigher.applyAsLong(before));
    Iterator<V> oldest = entries.values().iterator();
    while (weight > limit && oldest.hasNext()) {
      weight -= weigher.applyAsLong(oldest.next());
      oldest.remove();
    }
  }

  synchronized void removeIf(Predicate<K> unwanted) {
    Iterator<Map.Entry<K, V>> all = entries.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<K, V> entry = all.next();
      if (unwanted.test(entry.getKey())) {
        weight -= weigher.applyAsLong(entry.getValue());
        all.remove();
      }
    }
  }

  synchronized long weight() {
    return weight;
  }

  synchronized void clear() {
    entries.clear();
    weight = 0;
  }
}
