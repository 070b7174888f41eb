package io.sluice.engine.connector;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The catalogs of a server, by name. */
public final class Catalogs implements AutoCloseable {
  private final Map<String, Catalog> byName = new ConcurrentHashMap<>();

  public void add(Catalog catalog) {
    if (byName.putIfAbsent(catalog.name(), catalog) != null) {
      throw new EngineException(
          ErrorCode.ALREADY_EXISTS, "catalog " + catalog.name() + " already exists");
    }
  }

  public Optional<Catalog> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Names in order. */
  public List<String> names() {
    return List.copyOf(new TreeMap<>(byName).keySet());
  }

  @Override
  public void close() {
    byName.values().forEach(Catalog::close);
    byName.clear();
  }
}
