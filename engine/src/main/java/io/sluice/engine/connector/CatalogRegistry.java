package io.sluice.engine.connector;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes catalogs of outside systems, and removes them, when statements ask for it. */
public interface CatalogRegistry extends AutoCloseable {
  /**
   * What may be shown of a catalog: never a secret, nor where one is kept.
   *
   * @param type such as {@code rest}
   * @param uri of the outside system
   */
  record Description(String type, @Nullable String uri) {}

  /** Of a catalog that this registry keeps, or empty. */
  Optional<Description> describe(String catalog);

  /**
   * Makes a catalog that is there again after a restart. The outside system need not answer.
   *
   * @param properties as written, secrets by reference
   * @throws io.sluice.engine.EngineException ALREADY_EXISTS; INVALID_ARGUMENT for a property that
   *     is missing, unknown or a secret in plain text; PERMISSION_DENIED for a reference that the
   *     operator has not listed
   */
  void create(Principal principal, String catalog, Map<String, String> properties);

  /**
   * Forgets a catalog that a statement has made; what it holds stays in the outside system.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_CATALOG, or UNSUPPORTED where configuration
   *     has made it
   */
  void drop(Principal principal, String catalog);

  /** Ends what the catalogs share; called when they are closed. */
  @Override
  void close();
}
