package io.sluice.engine.connector;

import java.util.List;
import java.util.Optional;

/**
 * Keeps the definitions of feature services as texts. Every call reads the catalog anew, so that
 * what other servers have done is seen. Safe for use by several threads.
 */
public interface FeatureServiceStore {
  /**
   * A definition.
   *
   * @param name exact
   * @param record what was written
   */
  record StoredService(String name, String record) {}

  /** All of them, by name. */
  List<StoredService> list();

  /** The one of that exact name. */
  Optional<StoredService> find(String name);

  /**
   * Writes a definition in one atomic step.
   *
   * @param replace whether one of that name may be there
   * @throws io.sluice.engine.EngineException ALREADY_EXISTS
   */
  void put(StoredService service, boolean replace);

  /** Whether there was one. */
  boolean drop(String name);
}
